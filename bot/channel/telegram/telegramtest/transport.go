package telegramtest

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"time"
)

// tripKey is the key of a trip in a request's context.
type tripKey struct{}

// trip says when a request in process left the bot and how long the answer
// takes.
type trip struct {
	left time.Time
	back time.Duration
}

// RoundTripper carries requests to the server in process, whatever host they
// name: half the latency on the way there, half on the way back. It waits on
// timers and channels alone and gives up with the request's context, so that it
// works inside a synctest bubble. Make the server inside of the same bubble.
func (s *Server) RoundTripper(latency time.Duration) http.RoundTripper {
	return &line{server: s, latency: latency}
}

// Client is an http.Client over [Server.RoundTripper] without latency.
func (s *Server) Client() *http.Client { return &http.Client{Transport: s.RoundTripper(0)} }

type line struct {
	server  *Server
	latency time.Duration
}

// RoundTrip makes line an http.RoundTripper.
func (l *line) RoundTrip(r *http.Request) (*http.Response, error) {
	answers := make(chan *answer, 1)
	ctx := context.WithValue(r.Context(), tripKey{}, trip{l.server.opts.Now(), l.latency - l.latency/2})
	ctx, cancel := context.WithCancel(ctx)
	in := r.Clone(ctx)
	in.RequestURI, in.Host, in.RemoteAddr = r.URL.RequestURI(), r.URL.Host, "127.0.0.1:1"
	l.server.work.Go(func() { l.serve(ctx, in, answers) })
	select {
	case a := <-answers:
		cancel()
		if a.dead {
			return nil, io.EOF
		}
		return a.response(r), nil
	case <-r.Context().Done():
		cancel()
		return nil, r.Context().Err()
	}
}

// serve lets the server answer, and waits on the way there and back.
func (l *line) serve(ctx context.Context, in *http.Request, answers chan<- *answer) {
	a := &answer{header: http.Header{}}
	defer func() {
		if in.Body != nil {
			in.Body.Close()
		}
		if p := recover(); p != nil {
			if p != http.ErrAbortHandler {
				panic(p)
			}
			a.dead = true
		}
		answers <- a
	}()
	if !rest(ctx, l.latency/2) {
		a.dead = true
		return
	}
	l.server.ServeHTTP(a, in)
	rest(ctx, l.latency-l.latency/2)
}

// rest waits and says whether nothing ended it early.
func rest(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// answer is an http.ResponseWriter that keeps what is written.
type answer struct {
	header http.Header
	status int
	body   bytes.Buffer
	dead   bool // the connection broke
}

// Header returns the header to be sent.
func (a *answer) Header() http.Header { return a.header }

// WriteHeader keeps the first status.
func (a *answer) WriteHeader(status int) {
	if a.status == 0 {
		a.status = status
	}
}

// Write keeps a part of the body.
func (a *answer) Write(p []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	return a.body.Write(p)
}

func (a *answer) response(r *http.Request) *http.Response {
	a.WriteHeader(http.StatusOK)
	return &http.Response{
		Status: http.StatusText(a.status), StatusCode: a.status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: a.header, Body: io.NopCloser(&a.body), ContentLength: int64(a.body.Len()), Request: r,
	}
}
