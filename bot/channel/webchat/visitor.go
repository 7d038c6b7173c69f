package webchat

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"sachhon/bot/channel"
)

const (
	cookieName = "visitor"
	cookieAge  = 365 * 24 * time.Hour
	secretLen  = 32 // hex digits: 128 bits
	addressLen = 20 // hex digits of the hash
)

// visitor is who a browser is: the secret of its cookie. The zero value is a
// browser without one.
type visitor struct{ secret string }

// visitorOf reads the cookie; anything but what we gave counts as none.
func visitorOf(r *http.Request) visitor {
	c, err := r.Cookie(cookieName)
	if err != nil || len(c.Value) != secretLen || strings.Trim(c.Value, "0123456789abcdef") != "" {
		return visitor{}
	}
	return visitor{c.Value}
}

func newVisitor() visitor {
	return visitor{randomHex(secretLen / 2)}
}

func (v visitor) known() bool { return v.secret != "" }

// address is where the visitor's conversation is kept: a hash, since whoever
// reads the store or a log must not be able to open the conversation.
func (v visitor) address() channel.Address {
	sum := sha256.Sum256([]byte("sachhon visitor " + v.secret))
	return channel.Address{Channel: Name, ID: hex.EncodeToString(sum[:])[:addressLen]}
}

// greet returns the visitor of a request for a page and sees to it that the
// browser keeps the cookie for another year.
func (w *Web) greet(rw http.ResponseWriter, r *http.Request) visitor {
	v, foreign := visitorOf(r), foreignFrame(r)
	if v.known() && r.Header.Get("Sec-Fetch-Dest") == "iframe" && !foreign {
		// A reload within a foreign frame looks like our own; the browser would
		// refuse the cookie we would set now, and has a good one.
		return v
	}
	if !v.known() {
		v = newVisitor()
	}
	c := &http.Cookie{Name: cookieName, Value: v.secret, Path: "/", MaxAge: int(cookieAge / time.Second),
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: w.overTLS(r)}
	if foreign && c.Secure {
		c.SameSite, c.Partitioned = http.SameSiteNoneMode, true
	}
	http.SetCookie(rw, c)
	return v
}

// foreignFrame says whether another site frames the page.
func foreignFrame(r *http.Request) bool {
	return r.Header.Get("Sec-Fetch-Dest") == "iframe" && r.Header.Get("Sec-Fetch-Site") == "cross-site"
}

// overTLS says whether the browser came by https.
func (w *Web) overTLS(r *http.Request) bool {
	if r.TLS != nil || w.opts.PublicURL != nil && w.opts.PublicURL.Scheme == "https" {
		return true
	}
	peer, ok := peerOf(r)
	return ok && w.trusts(peer) && strings.EqualFold(r.Header.Get("X-Forwarded-Proto"), "https")
}

// clientIP is where a request came from: the peer, or the last address that no
// trusted proxy vouches for. The zero Addr means unknown.
func (w *Web) clientIP(r *http.Request) netip.Addr {
	ip, ok := peerOf(r)
	if !ok || !w.trusts(ip) {
		return ip
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0; i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		if ip = hop.Unmap(); !w.trusts(ip) {
			break
		}
	}
	return ip
}

func (w *Web) trusts(ip netip.Addr) bool {
	for _, p := range w.opts.TrustedProxies {
		if p.Contains(ip) {
			return true
		}
	}
	return false
}

func peerOf(r *http.Request) (netip.Addr, bool) {
	ap, err := netip.ParseAddrPort(r.RemoteAddr)
	return ap.Addr().Unmap().WithZone(""), err == nil
}

// randomHex returns n random bytes as hex digits.
func randomHex(n int) string {
	b := make([]byte, n)
	rand.Read(b) // never fails
	return hex.EncodeToString(b)
}
