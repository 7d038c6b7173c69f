package webchat

import (
	"net/http"
	"net/url"
	"strings"
	"time"
)

// kind is what a response is to the browser; it decides the headers.
type kind uint8

const (
	pageOnly  kind = iota // shown by itself, never in a frame
	framed                // shown in a frame of the allowed origins
	mediaFile             // a file of somebody's conversation
	script                // the script that other sites embed
)

// The longest a post may take to arrive: people send photos over slow lines.
const (
	formDeadline   = 30 * time.Second
	uploadDeadline = 3 * time.Minute
)

const (
	pagePolicy  = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors "
	mediaPolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"
)

// secured sets the headers that keep a response to what it is for.
func (w *Web) secured(k kind, next http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		h := rw.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		// Not "no-referrer": with that, browsers send "Origin: null" on posts.
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		switch k {
		case framed:
			h.Set("Content-Security-Policy", pagePolicy+w.ancestors())
		case mediaFile:
			h.Set("Content-Security-Policy", mediaPolicy)
		case script:
			h.Set("Cross-Origin-Resource-Policy", "cross-origin")
		default:
			h.Set("Content-Security-Policy", pagePolicy+"'none'")
			h.Set("Cross-Origin-Opener-Policy", "same-origin")
			h.Set("X-Frame-Options", "DENY")
		}
		next(rw, r)
	})
}

func (w *Web) ancestors() string {
	if len(w.origins) == 0 {
		return "'none'"
	}
	return strings.Join(w.origins, " ")
}

// posted lets in posts of our own pages alone, and only for so long.
func (w *Web) posted(next http.HandlerFunc) http.HandlerFunc {
	guard := http.NewCrossOriginProtection()
	if u := w.opts.PublicURL; u != nil {
		// A proxy may pass on another Host than the browser spoke to. An
		// address that is no origin adds nothing.
		if err := guard.AddTrustedOrigin(u.Scheme + "://" + u.Host); err != nil {
			w.log.Warn("public URL is no origin", "err", err)
		}
	}
	guard.SetDenyHandler(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		lang := askedLang("")
		plain(rw, http.StatusForbidden, wordsIn(lang).Foreign)
	}))
	return guard.Handler(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		limit := formDeadline
		if isUpload(r) {
			limit = uploadDeadline
		}
		// Where the connection has no deadline, the limits on size still hold.
		_ = http.NewResponseController(rw).SetReadDeadline(time.Now().Add(limit))
		next(rw, r)
	})).ServeHTTP
}

// isOrigin says whether s is scheme://host[:port] and nothing more, and so
// cannot carry anything else into a header.
func isOrigin(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && s == u.Scheme+"://"+u.Host &&
		!strings.ContainsAny(s, " ;,'\"*")
}

// plain answers with one sentence.
func plain(rw http.ResponseWriter, status int, sentence string) {
	rw.Header().Set("Content-Type", "text/plain; charset=utf-8")
	rw.Header().Set("Cache-Control", "no-store")
	rw.WriteHeader(status)
	// The connection is gone when this fails, and nothing else is owed.
	_, _ = rw.Write([]byte(sentence + "\n"))
}
