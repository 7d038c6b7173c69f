package telegram_test

import (
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"sachhon/bot/channel/telegram"
)

// TestTrap12DeadLine: a line over HTTP/2 that died without a word is given up,
// and the next request takes another one. The API speaks HTTP/2, where all
// requests share one line.
func TestTrap12DeadLine(t *testing.T) {
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, r.Proto) }))
	srv.EnableHTTP2 = true
	srv.StartTLS()
	defer srv.Close()
	way := newWay(t, srv.Listener.Addr().String())
	transport, ok := telegram.Pooled(100*time.Millisecond, 100*time.Millisecond).(*http.Transport)
	if !ok {
		t.Fatal("the transport is none of the library's")
	}
	transport.TLSClientConfig = &tls.Config{RootCAs: srv.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs, ServerName: "example.com"}
	client := &http.Client{Transport: transport}
	defer client.CloseIdleConnections()
	get := func(within time.Duration) (string, error) {
		ctx, cancel := context.WithTimeout(context.Background(), within)
		defer cancel()
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://"+way.Addr().String(), nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := client.Do(req)
		if err != nil {
			return "", err
		}
		defer resp.Body.Close()
		raw, err := io.ReadAll(resp.Body)
		return string(raw), err
	}
	if proto, err := get(20 * time.Second); proto != "HTTP/2.0" {
		t.Fatalf("the first request went by %q: %v", proto, err)
	}
	way.die()
	if _, err := get(20 * time.Second); err == nil {
		t.Error("a dead line answered")
	}
	if proto, err := get(20 * time.Second); proto != "HTTP/2.0" {
		t.Errorf("after the line died: %q, %v", proto, err)
	}
}

// way carries bytes to a server, and can swallow them.
type way struct {
	net.Listener
	lines, dead atomic.Int64 // lines so far; those up to dead swallow everything
}

// die kills all lines there are, without a word.
func (w *way) die() { w.dead.Store(w.lines.Load()) }

func newWay(t *testing.T, to string) *way {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &way{Listener: l}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			a, err := l.Accept()
			if err != nil {
				return
			}
			b, err := net.Dial("tcp", to)
			if err != nil {
				_ = a.Close()
				continue
			}
			n := w.lines.Add(1)
			go w.carry(a, b, n)
			go w.carry(b, a, n)
		}
	}()
	return w
}

func (w *way) carry(from, to net.Conn, n int64) {
	defer to.Close()
	buf := make([]byte, 4096)
	for {
		k, err := from.Read(buf)
		if err != nil {
			return
		}
		if n <= w.dead.Load() {
			continue
		}
		if _, err := to.Write(buf[:k]); err != nil {
			return
		}
	}
}
