package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"time"

	"sachhon/bot"
	"sachhon/bot/config"
)

// client speaks to the bot: over the socket in the data folder when a server or
// another command has the store, else to a bot opened in this process.
type client struct {
	http  *http.Client
	alone bool // the store is open in this process, and no server sends anything
	end   func() error
	again func(ctx context.Context) (*client, error) // connects anew
	dial  func(ctx context.Context) (*client, error) // connects anew, to a server only
}

// connectFor is how long a command waits for a process that is just starting or
// just ending to make up its mind about the store.
const connectFor = 4 * time.Second

// connect finds who has the store of the data folder, or opens it here.
func connect(ctx context.Context, env *environment, cfg config.Config) (*client, error) {
	cl := &client{again: func(ctx context.Context) (*client, error) { return connect(ctx, env, cfg) },
		dial: func(ctx context.Context) (*client, error) { return dial(ctx, cfg) }}
	patience, stop := context.WithTimeout(ctx, connectFor)
	defer stop()
	for {
		served, err := cl.dial(ctx)
		if err == nil {
			cl.http, cl.end = served.http, served.end
			return cl, nil
		}
		if !notServing(err) {
			return nil, unopened(cfg.Data, err)
		}
		b := bot.New(bot.Options{Config: cfg, Version: version(), Log: logger(env, cfg)})
		if err = b.OpenHere(ctx); err == nil {
			cl.http, cl.alone, cl.end = &http.Client{Transport: here{b.Control()}}, true, b.Stop
			return cl, nil
		}
		if !errors.Is(err, bot.ErrInUse) {
			return nil, unopened(cfg.Data, err)
		}
		select {
		case <-time.After(50 * time.Millisecond): // whoever has it may be about to listen, or to let go
		case <-patience.Done():
			return nil, err
		}
	}
}

// unopened says what to do about a data folder that cannot be used.
func unopened(folder string, err error) error {
	switch {
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("this user may not use the data folder %s; run the command as the user who runs the server: %w", folder, err)
	case errors.Is(err, syscall.ENOTDIR):
		return fmt.Errorf("the data folder %s is no folder; name another with --data or SACHHON_DATA: %w", folder, err)
	default:
		return err
	}
}

// dial opens the control socket of a running server.
func dial(ctx context.Context, cfg config.Config) (*client, error) {
	path, folder, err := bot.SocketPath(cfg.Data)
	if err != nil {
		return nil, err
	}
	end := func() error {
		if folder != nil {
			return folder.Close()
		}
		return nil
	}
	var d net.Dialer
	probe, err := d.DialContext(ctx, "unix", path)
	if err != nil {
		return nil, errors.Join(err, end())
	}
	probe.Close()
	transport := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return d.DialContext(ctx, "unix", path)
	}}
	return &client{http: &http.Client{Transport: transport}, end: func() error {
		transport.CloseIdleConnections()
		return end()
	}}, nil
}

// notServing says whether nobody listens on the socket: it is missing, or left
// over from a crash.
func notServing(err error) bool {
	return errors.Is(err, syscall.ENOENT) || errors.Is(err, syscall.ECONNREFUSED)
}

// here answers requests in this process.
type here struct{ handler http.Handler }

// RoundTrip runs the handler and returns what it wrote.
func (h here) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body == nil {
		r.Body = http.NoBody
	}
	rec := &recorder{header: http.Header{}, code: http.StatusOK}
	h.handler.ServeHTTP(rec, r)
	return &http.Response{StatusCode: rec.code, Status: http.StatusText(rec.code), Header: rec.header,
		Body: io.NopCloser(&rec.body), Request: r}, nil
}

// recorder keeps what a handler writes.
type recorder struct {
	header http.Header
	code   int
	body   bytes.Buffer
}

func (r *recorder) Header() http.Header         { return r.header }
func (r *recorder) WriteHeader(code int)        { r.code = code }
func (r *recorder) Write(b []byte) (int, error) { return r.body.Write(b) }

func (c *client) close() error { return c.end() }

// reconnect takes the place of a connection that ended.
func (c *client) reconnect(ctx context.Context) error {
	c.end() //nolint:errcheck // its other side is gone
	c.end = func() error { return nil }
	fresh, err := c.again(ctx)
	if err != nil {
		return err
	}
	*c = *fresh
	return nil
}

// restartFor is how long whoever only looks waits for a server that ended to be
// there again.
const restartFor = 15 * time.Second

// onlyLook makes the client wait for a server when its connection ends, and
// never open the store itself: that would keep the server from starting.
func (c *client) onlyLook() {
	c.again = func(ctx context.Context) (*client, error) {
		patience, stop := context.WithTimeout(ctx, restartFor)
		defer stop()
		for {
			served, err := c.dial(patience)
			if err == nil {
				served.again, served.dial = c.again, c.dial
				return served, nil
			}
			select {
			case <-time.After(50 * time.Millisecond):
			case <-patience.Done():
				return nil, errors.New("the server has ended; start it again with `sachhon serve`")
			}
		}
	}
}

// call sends in as JSON (nil: a GET) and reads the answer into out.
func (c *client) call(ctx context.Context, path string, query url.Values, in, out any) error {
	body, err := c.open(ctx, path, query, in)
	if err != nil {
		return err
	}
	defer body.Close()
	if out == nil {
		_, err := io.Copy(io.Discard, body)
		return err
	}
	if err := json.NewDecoder(body).Decode(out); err != nil {
		return fmt.Errorf("read the server's answer: %w", err)
	}
	return nil
}

// open sends in as JSON (nil: a GET) and returns the answer's body.
func (c *client) open(ctx context.Context, path string, query url.Values, in any) (io.ReadCloser, error) {
	method, body := http.MethodGet, io.Reader(http.NoBody)
	if in != nil {
		raw, err := json.Marshal(in)
		if err != nil {
			return nil, err
		}
		method, body = http.MethodPost, bytes.NewReader(raw)
	}
	r, err := http.NewRequestWithContext(ctx, method, "http://sachhon"+path+"?"+query.Encode(), body)
	if err != nil {
		return nil, err
	}
	resp, err := c.http.Do(r)
	// Whoever had the store may have ended; somebody else has it now, or we. What
	// may have been done already is asked again only where that is harmless.
	harmless := in == nil || strings.HasPrefix(path, "/chat/") || notServing(err)
	if err != nil && ctx.Err() == nil && harmless {
		if err = c.reconnect(ctx); err == nil {
			if in != nil {
				r.Body, _ = r.GetBody()
			}
			resp, err = c.http.Do(r)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("ask the running server: %w", err)
	}
	if resp.StatusCode < 300 {
		return resp.Body, nil
	}
	defer resp.Body.Close()
	var refused bot.ControlError
	if err := json.NewDecoder(resp.Body).Decode(&refused); err != nil || refused.Error == "" {
		return nil, fmt.Errorf("the server answered %s", resp.Status)
	}
	return nil, errors.New(refused.Error)
}
