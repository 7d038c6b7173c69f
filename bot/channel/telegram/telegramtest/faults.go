package telegramtest

import (
	"context"
	"io"
	"net/http"
	"slices"
	"strings"
)

// Fault is how a request fails.
type Fault uint8

const (
	// Refuse answers with the code and description of the [Failure]. Nothing is
	// done.
	Refuse Fault = iota
	// BadGateway answers 502 with a page of HTML, as the machines before
	// Telegram's do. Nothing is done.
	BadGateway
	// CloseBefore breaks the connection. Nothing is done.
	CloseBefore
	// CloseAfter does what was asked and breaks the connection without an
	// answer.
	CloseAfter
	// HangBefore gives no answer until the bot gives up. Nothing is done.
	HangBefore
	// HangAfter does what was asked and gives no answer until the bot gives up.
	HangAfter
)

// Failure is how requests are to fail.
type Failure struct {
	Fault Fault
	// Times is how many requests fail; 0: one.
	Times int
	// Chat fails only what goes to this chat; 0: any.
	Chat int64
	// Code and Description are of a refusal. An empty description becomes what
	// Telegram says to the code: "Too Many Requests: retry after 7",
	// "Unauthorized", "Internal Server Error: restart", "Bad Request", …
	Code        int
	Description string
	// RetryAfter is in seconds, of a refusal with 429; it makes the bot wait,
	// see [Rate].
	RetryAfter int
	// MigrateTo is the chat to use instead, of a refusal with 400.
	MigrateTo int64
}

type faults struct {
	next []ordered
	hung []*hang
}

type ordered struct {
	method string
	Failure
}

type hang struct {
	methods  []string
	released chan struct{}
}

// FailNext makes the next request of a method fail, or the next ones; an empty
// method means any. Orders for the same method are carried out one after
// another.
func (s *Server) FailNext(method string, f Failure) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f.Times = max(f.Times, 1)
	s.faults.next = append(s.faults.next, ordered{strings.ToLower(method), f})
}

// Hang gives no answer to requests of these methods (none named: all) until
// release is called; then they are done as if they came only then.
func (s *Server) Hang(methods ...string) (release func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	h := &hang{released: make(chan struct{})}
	for _, m := range methods {
		h.methods = append(h.methods, strings.ToLower(m))
	}
	s.faults.hung = append(s.faults.hung, h)
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if i := slices.Index(s.faults.hung, h); i >= 0 {
			s.faults.hung = slices.Delete(s.faults.hung, i, i+1)
			close(h.released)
		}
	}
}

// fault waits where requests hang and takes the failure ordered for this one.
func (s *Server) fault(ctx context.Context, r *request) (Failure, bool) {
	method := strings.ToLower(r.method)
	s.mu.Lock()
	defer s.mu.Unlock()
	for {
		i := slices.IndexFunc(s.faults.hung, func(h *hang) bool { return len(h.methods) == 0 || slices.Contains(h.methods, method) })
		if i < 0 || ctx.Err() != nil {
			break
		}
		released := s.faults.hung[i].released
		s.mu.Unlock()
		select {
		case <-released:
		case <-ctx.Done():
		}
		s.mu.Lock()
	}
	if ctx.Err() != nil {
		return Failure{Fault: CloseBefore}, true
	}
	if s.opts.Now().Before(s.limits.until) {
		return Failure{}, false
	}
	for i := range s.faults.next {
		o := &s.faults.next[i]
		if o.method != "" && o.method != method || o.Chat != 0 && o.Chat != r.long("chat_id") {
			continue
		}
		f := o.Failure
		if o.Times--; o.Times == 0 {
			s.faults.next = slices.Delete(s.faults.next, i, i+1)
		}
		return f, true
	}
	return Failure{}, false
}

// failBefore carries out the faults after which nothing is done.
func (s *Server) failBefore(ctx context.Context, w http.ResponseWriter, r *request, f Failure) bool {
	switch f.Fault {
	case Refuse:
		e := s.refusal(f)
		s.record(r, nil, e)
		writeError(w, e)
	case BadGateway:
		s.record(r, nil, asIs(502, "Bad Gateway"))
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(http.StatusBadGateway)
		_, _ = io.WriteString(w, "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx/1.18.0</center>\r\n</body>\r\n</html>\r\n")
	case CloseBefore:
		panic(http.ErrAbortHandler)
	case HangBefore:
		<-ctx.Done()
		panic(http.ErrAbortHandler)
	default:
		return false
	}
	return true
}

// failAfter carries out the faults that hide an answer.
func (s *Server) failAfter(ctx context.Context, f Failure) {
	if f.Fault == HangAfter {
		<-ctx.Done()
	}
	panic(http.ErrAbortHandler)
}

// refusal makes the answer of a failure.
func (s *Server) refusal(f Failure) *apiError {
	usual := map[int]string{400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 409: conflictPoll, 500: "Internal Server Error: restart"}
	e := asIs(f.Code, f.Description)
	if e.text == "" {
		e.text = usual[f.Code]
	}
	if e.text == "" {
		e.text = http.StatusText(f.Code)
	}
	e.migrateTo = f.MigrateTo
	if f.RetryAfter > 0 {
		s.mu.Lock()
		defer s.mu.Unlock()
		wait := tooMany(s.beginWait(f.RetryAfter))
		e.retryAfter = wait.retryAfter
		if f.Description == "" {
			e.text = wait.text
		}
	}
	return e
}
