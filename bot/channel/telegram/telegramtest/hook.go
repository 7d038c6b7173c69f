package telegramtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// How webhooks are served.
const (
	hookTimeout     = 60 * time.Second
	longestRetry    = 3600             // seconds of a Retry-After that are heeded
	hookDelay       = 60 * time.Second // the longest delay is random from this to its double
	goneAfter       = 23 * time.Hour   // of answers with 410
	usualConnection = 40
)

var secretShape = regexp.MustCompile(`^[A-Za-z0-9_-]*$`)

// hook is the webhook of the bot; the zero value is none.
type hook struct {
	url, secret, ip string
	most            int // connections
	ctx             context.Context
	cancel          context.CancelFunc
	slots           chan struct{}
	busy            map[string]bool // lanes that are being delivered
	errorAt         time.Time
	errorText       string
	gone            time.Time // first of the answers with 410; zero: the last was another
}

func (s *Server) setWebhook(ctx context.Context, r *request) (any, *apiError) {
	address := r.get("url")
	if address == "" {
		return s.deleteWebhook(ctx, r)
	}
	now := s.opts.Now()
	if now.Before(s.lastHook.Add(time.Second)) {
		return nil, tooMany(1)
	}
	s.lastHook = now
	secret, most := r.get("secret_token"), min(max(r.number("max_connections", usualConnection), 1), 100)
	if len(secret) > 256 {
		return nil, refused(400, "secret token is too long")
	}
	if !secretShape.MatchString(secret) {
		return nil, refused(400, "secret token contains unallowed characters")
	}
	drop := r.flag("drop_pending_updates")
	h := &s.hook
	if h.url == address && h.secret == secret && h.most == most && h.ip == r.get("ip_address") && !drop {
		s.allow(r)
		return described{true, "Webhook is already set"}, nil
	}
	if e := s.checkHook(address, r.get("ip_address")); e != nil {
		return nil, e
	}
	s.allow(r)
	if abort := s.polling.abort; abort != nil {
		s.polling.abort = nil
		abort <- conflictSet
	}
	s.closeHook(drop)
	s.hook = hook{url: address, secret: secret, ip: r.get("ip_address"), most: most, slots: make(chan struct{}, most), busy: map[string]bool{}}
	s.hook.ctx, s.hook.cancel = context.WithCancel(s.base)
	s.deliverMore()
	return described{true, "Webhook was set"}, nil
}

func (s *Server) deleteWebhook(_ context.Context, r *request) (any, *apiError) {
	if s.hook.url == "" && !r.flag("drop_pending_updates") {
		return described{true, "Webhook is already deleted"}, nil
	}
	s.closeHook(r.flag("drop_pending_updates"))
	return described{true, "Webhook was deleted"}, nil
}

func (s *Server) closeHook(drop bool) {
	if s.hook.cancel != nil {
		s.hook.cancel()
	}
	s.hook = hook{}
	if drop {
		s.updates.waiting = nil
	}
}

// checkHook checks where a webhook leads.
func (s *Server) checkHook(address, ip string) *apiError {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https" {
		return refused(400, "invalid webhook URL specified")
	}
	host := u.Hostname()
	if host == "localhost" {
		host = "127.0.0.1"
	}
	if ip != "" {
		host = ip
	}
	addr := net.ParseIP(host)
	if s.opts.LoopbackWebhook && addr.IsLoopback() {
		return nil
	}
	bad := func(why string) *apiError { return asIs(400, "Bad Request: bad webhook: "+why) }
	switch {
	case u.Scheme != "https":
		return bad("An HTTPS URL must be provided for webhook")
	case !slices.Contains([]string{"", "443", "80", "88", "8443"}, u.Port()):
		return bad("Webhook can be set up only on ports 80, 88, 443 or 8443")
	case addr != nil && addr.To4() == nil:
		return bad("IPv6-only addresses are not allowed")
	case addr != nil && (addr.IsLoopback() || addr.IsPrivate() || addr.IsLinkLocalUnicast() || addr.IsUnspecified() || addr.IsMulticast()):
		return bad("IP address " + addr.String() + " is reserved")
	}
	return nil
}

func (s *Server) getWebhookInfo(context.Context, *request) (any, *apiError) {
	s.updates.expire(s.opts.Now())
	out := map[string]any{"url": s.hook.url, "has_custom_certificate": false, "pending_update_count": len(s.updates.waiting)}
	if s.hook.url != "" {
		out["max_connections"] = s.hook.most
		if s.hook.ip != "" {
			out["ip_address"] = s.hook.ip
		}
	}
	if !s.hook.errorAt.IsZero() {
		out["last_error_date"], out["last_error_message"] = s.hook.errorAt.Unix(), s.hook.errorText
	}
	kinds := []string{}
	usual := len(s.updates.allowed) == len(defaultUpdates())
	for kind := range s.updates.allowed {
		kinds = append(kinds, kind)
		usual = usual && updateKinds[kind]
	}
	if !usual {
		slices.Sort(kinds)
		out["allowed_updates"] = kinds
	}
	return out, nil
}

// deliverMore begins to deliver in the lanes that wait. What happens in a lane
// is delivered in order, one after another; lanes do not wait for each other.
func (s *Server) deliverMore() {
	if s.hook.url == "" || s.base.Err() != nil {
		return
	}
	for _, u := range s.updates.waiting {
		if !s.hook.busy[u.lane] {
			s.hook.busy[u.lane] = true
			ctx, lane := s.hook.ctx, u.lane
			s.work.Go(func() { s.deliverLane(ctx, lane) })
		}
	}
}

// deliverLane delivers what waits in a lane, until nothing does.
func (s *Server) deliverLane(ctx context.Context, lane string) {
	for {
		u := s.nextIn(ctx, lane)
		if u == nil {
			return
		}
		s.deliver(ctx, u)
	}
}

func (s *Server) nextIn(ctx context.Context, lane string) *update {
	s.mu.Lock()
	defer s.mu.Unlock()
	if ctx.Err() != nil {
		return nil // another webhook, or none, has this lane now
	}
	s.updates.expire(s.opts.Now())
	for _, u := range s.updates.waiting {
		if u.lane == lane {
			return u
		}
	}
	delete(s.hook.busy, lane)
	return nil
}

// deliver tries one update until it is taken or expires: again at once, then
// after 2, 4, 8… seconds (telegram-bot-api, WebhookActor.cpp, on_update_error).
func (s *Server) deliver(ctx context.Context, u *update) {
	delay := time.Second
	for tries := 0; ; tries++ {
		after, ok := s.post(ctx, u)
		if ctx.Err() != nil {
			return
		}
		wait := after
		if !ok && after == 0 && tries > 0 {
			delay = min(delay*2, hookDelay+time.Duration(rand.Int64N(int64(hookDelay))))
			wait = delay
		}
		if s.settle(u, ok, wait) {
			return
		}
		if !rest(ctx, wait) && ctx.Err() != nil {
			return
		}
	}
}

// settle takes an update out of the queue that was taken or would expire
// before the next try.
func (s *Server) settle(u *update, ok bool, wait time.Duration) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !ok && !s.opts.Now().Add(wait).After(u.expires) {
		return false
	}
	if i := slices.Index(s.updates.waiting, u); i >= 0 {
		s.updates.waiting = slices.Delete(s.updates.waiting, i, i+1)
	}
	s.touch()
	return true
}

// post delivers an update once. It returns how long the webhook asked to be
// left alone.
func (s *Server) post(ctx context.Context, u *update) (after time.Duration, ok bool) {
	s.mu.Lock()
	h := s.hook
	u.delivered = true
	s.noteDelivered(u)
	s.mu.Unlock()
	if ctx.Err() != nil {
		return 0, false
	}
	select {
	case h.slots <- struct{}{}:
		defer func() { <-h.slots }()
	case <-ctx.Done():
		return 0, false
	}
	limited, cancel := context.WithTimeout(ctx, hookTimeout)
	defer cancel()
	response, body, err := s.exchange(limited, h, u)
	switch {
	case err != nil && errors.Is(limited.Err(), context.DeadlineExceeded):
		s.hookFailed(ctx, 0, "Read timeout expired")
		return 0, false
	case err != nil:
		s.hookFailed(ctx, 0, "Webhook connection closed")
		return 0, false
	case response.StatusCode < 200 || response.StatusCode > 299:
		s.hookFailed(ctx, response.StatusCode, fmt.Sprintf("Wrong response from the webhook: %d %s", response.StatusCode, http.StatusText(response.StatusCode)))
		n, _ := strconv.Atoi(response.Header.Get("Retry-After"))
		return time.Duration(min(max(n, 0), longestRetry)) * time.Second, false
	}
	s.hookFailed(ctx, 0, "")
	s.reply(ctx, response, body)
	return 0, true
}

func (s *Server) exchange(ctx context.Context, h hook, u *update) (*http.Response, []byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, h.url, bytes.NewReader(u.json()))
	if err != nil {
		return nil, nil, fmt.Errorf("make request to the webhook: %w", err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept-Encoding", "gzip, deflate")
	if h.secret != "" {
		r.Header.Set("X-Telegram-Bot-Api-Secret-Token", h.secret)
	}
	if user := r.URL.User; user != nil {
		password, _ := user.Password()
		r.SetBasicAuth(user.Username(), password)
	}
	response, err := s.opts.WebhookTransport.RoundTrip(r)
	if err != nil {
		return nil, nil, fmt.Errorf("deliver to the webhook: %w", err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, 1<<20))
	return response, body, err
}

// hookFailed keeps what went wrong, nothing for an empty text; a webhook that
// says for 23 hours that it is gone is removed.
func (s *Server) hookFailed(ctx context.Context, status int, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if ctx.Err() != nil {
		return // it is not the bot's webhook any more
	}
	now := s.opts.Now()
	if text != "" {
		s.hook.errorAt, s.hook.errorText = now, text
	}
	switch {
	case status != http.StatusGone:
		s.hook.gone = time.Time{}
	case s.hook.gone.IsZero():
		s.hook.gone = now
	case now.Sub(s.hook.gone) > goneAfter:
		s.closeHook(false)
	}
	s.touch()
}

// reply does what the answer of a webhook asks for; the bot never hears how
// that went.
func (s *Server) reply(ctx context.Context, response *http.Response, body []byte) {
	if len(bytes.TrimSpace(body)) == 0 {
		return
	}
	in := &http.Request{Method: http.MethodPost, URL: &url.URL{}, Header: response.Header, Body: io.NopCloser(bytes.NewReader(body))}
	r, e := readRequest(in)
	if e != nil || r.get("method") == "" {
		return
	}
	name := strings.ToLower(r.get("method"))
	if strings.HasPrefix(name, "get") || slices.Contains([]string{"setwebhook", "deletewebhook", "close", "logout"}, name) {
		s.lockedViolate("the webhook's answer asks for %s, which is not done", r.get("method"))
		return
	}
	m, known := s.spec[name]
	if !known {
		s.lockedViolate("the webhook's answer asks for an unknown method %s", r.get("method"))
		return
	}
	r.method = m.name
	result, refusal := s.call(ctx, m, r)
	s.record(r, result, refusal)
}
