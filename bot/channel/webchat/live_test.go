package webchat_test

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/net/html"

	"sachhon/bot/channel"
	"sachhon/bot/channel/webchat"
)

// pipes is a network within the test's own time: connections are pipes.
type pipes struct {
	made   chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func newPipes() *pipes { return &pipes{made: make(chan net.Conn), closed: make(chan struct{})} }

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.made:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error { p.once.Do(func() { close(p.closed) }); return nil }

func (p *pipes) Addr() net.Addr { return pipeAddr{} }

func (p *pipes) dial(context.Context, string, string) (net.Conn, error) {
	here, there := net.Pipe()
	p.made <- there
	return here, nil
}

type pipeAddr struct{}

func (pipeAddr) Network() string { return "pipe" }
func (pipeAddr) String() string  { return "192.0.2.7:1" }

const secret = "0123456789abcdef0123456789abcdef"

// inBubble runs a test against a page in a bubble of its own time.
func inBubble(t *testing.T, test func(t *testing.T, bot *office, at channel.Address, open func(path, lastID string) *events, stop func())) {
	synctest.Test(t, func(t *testing.T) {
		bot := newOffice(time.Now)
		mux := http.NewServeMux()
		webchat.New(bot, webchat.Options{}).Routes(mux)
		net := newPipes()
		ctx, cancel := context.WithCancel(t.Context())
		srv := &http.Server{Handler: mux, ReadTimeout: 10 * time.Second, WriteTimeout: 10 * time.Second, BaseContext: func(_ listener) context.Context { return ctx }}
		go srv.Serve(net) //nolint:errcheck // ends with the test
		client := &http.Client{Transport: &http.Transport{DialContext: net.dial}}
		open := func(path, lastID string) *events {
			req, _ := http.NewRequest("GET", "http://chat.test"+path, nil)
			req.AddCookie(&http.Cookie{Name: "visitor", Value: secret})
			if lastID != "" {
				req.Header.Set("Last-Event-ID", lastID)
			}
			return openEvents(t, client, req)
		}
		stop := func() {
			cancel()
			if err := srv.Shutdown(context.Background()); err != nil {
				t.Errorf("shut down: %v", err)
			}
			client.CloseIdleConnections()
		}
		defer stop()
		body := strings.NewReader("text=m%E1%BB%99t")
		req, _ := http.NewRequest("POST", "http://chat.test/say", body)
		req.AddCookie(&http.Cookie{Name: "visitor", Value: secret})
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		resp, err := client.Do(req)
		if err != nil || resp.StatusCode != 200 {
			t.Fatalf("first words: %v %v", resp, err)
		}
		resp.Body.Close()
		test(t, bot, bot.received[0].Address, open, stop)
	})
}

type listener = net.Listener

// events is an open stream as a browser reads it.
type events struct {
	t      *testing.T
	status int
	header http.Header
	lines  chan string
	close  func()
}

func openEvents(t *testing.T, client *http.Client, req *http.Request) *events {
	t.Helper()
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	left := make(chan struct{})
	e := &events{t: t, status: resp.StatusCode, header: resp.Header, lines: make(chan string)}
	e.close = sync.OnceFunc(func() { close(left); resp.Body.Close() })
	go func() {
		defer close(e.lines)
		in := bufio.NewScanner(resp.Body)
		for in.Scan() {
			select {
			case e.lines <- in.Text():
			case <-left:
				return
			}
		}
	}()
	return e
}

// next returns the next event: its name, its id and its data; ok is false at
// the end of the stream.
func (e *events) next() (name, id, data string, ok bool) {
	for line := range e.lines {
		switch key, value, _ := strings.Cut(line, ": "); {
		case line == "" && name != "":
			return name, id, data, true
		case line == "":
		case key == "":
			return "comment", "", value, true
		case key == "event":
			name = value
		case key == "id":
			id = value
		case key == "data":
			data += value + "\n"
		}
	}
	return "", "", "", false
}

// entry waits for an entry and returns its number and what was said.
func (e *events) entry() (seq int, said string) {
	e.t.Helper()
	for {
		name, id, data, ok := e.next()
		if !ok {
			e.t.Fatal("stream ended")
		}
		if name == "entry" {
			seq, _ = strconv.Atoi(id)
			doc, _ := html.Parse(strings.NewReader(data))
			return seq, textOf(find(doc, func(n *html.Node) bool { return attr(n, "class") == "said" }))
		}
	}
}

func TestStreamMissesNothing(t *testing.T) {
	inBubble(t, func(t *testing.T, bot *office, at channel.Address, open func(path, lastID string) *events, _ func()) {
		said, last := 0, 4
		more := func() {
			said++
			bot.remind(at, fmt.Sprint("nhắc ", said))
		}
		read := func(e *events) {
			t.Helper()
			if seq, text := e.entry(); seq != last+1 || text != fmt.Sprint("nhắc ", seq-4) {
				t.Fatalf("after %d came %d %q", last, seq, text)
			}
			last++
		}
		for cut := range 12 { // connections break after 1, 2, 3, … entries
			for range cut {
				more()
			}
			lastID := ""
			if last > 4 {
				lastID = strconv.Itoa(last)
			}
			e := open("/events?after=4", lastID)
			for range cut {
				read(e)
			}
			more() // while the stream is open
			read(e)
			more() // perhaps on its way when the connection breaks
			e.close()
		}
		e := open("/events?after="+strconv.Itoa(last), "")
		for last < said+4 {
			read(e)
		}
		e.close()
	})
}

func TestLongAbsenceIsCaughtUp(t *testing.T) {
	inBubble(t, func(t *testing.T, bot *office, at channel.Address, open func(path, lastID string) *events, _ func()) {
		for i := range 500 {
			bot.remind(at, fmt.Sprint("nhắc ", i))
		}
		for _, after := range []int{1, 2, 4, 100} {
			e := open("/events?after="+strconv.Itoa(after), "")
			for want := after + 1; want <= 504; want++ {
				if seq, _ := e.entry(); seq != want {
					t.Fatalf("after %d: got %d, want %d", after, seq, want)
				}
			}
			e.close()
		}
	})
}

func TestStreamStaysOpen(t *testing.T) {
	inBubble(t, func(t *testing.T, bot *office, at channel.Address, open func(path, lastID string) *events, _ func()) {
		e := open("/events?after=4", "")
		if name, _, _, _ := e.next(); name != "hello" || e.header.Get("Content-Type") != "text/event-stream" || e.header.Get("X-Accel-Buffering") != "no" {
			t.Errorf("begins with %q %v", name, e.header)
		}
		began := time.Now()
		for range 10 {
			if name, _, _, ok := e.next(); name != "comment" {
				t.Fatalf("after %v: %q %v", time.Since(began), name, ok)
			}
		}
		if since := time.Since(began); since != 250*time.Second {
			t.Errorf("ten signs of life took %v", since)
		}
		bot.remind(at, "lớp ngày mai")
		if seq, said := e.entry(); seq != 5 || said != "lớp ngày mai" {
			t.Errorf("got %d %q", seq, said)
		}
		e.close()
		synctest.Wait()
		if len(bot.watchers) != 0 {
			t.Error("still watched after the browser left")
		}
	})
}

func TestStreamEndsWithTheProgram(t *testing.T) {
	inBubble(t, func(t *testing.T, _ *office, _ channel.Address, open func(path, lastID string) *events, stop func()) {
		e := open("/events?after=4", "")
		e.next()
		began := time.Now()
		stop()
		if _, _, _, ok := e.next(); ok || time.Since(began) > time.Second {
			t.Errorf("still open after %v", time.Since(began))
		}
	})
}

func TestStreamTellsToReload(t *testing.T) {
	inBubble(t, func(t *testing.T, bot *office, at channel.Address, open func(path, lastID string) *events, _ func()) {
		e := open("/events?after=4&lang=vi", "")
		e.next()
		in := channel.Incoming{Address: at}
		in.Input.Text = "/language en"
		if err := bot.Receive(t.Context(), in); err != nil {
			t.Fatal(err)
		}
		e.entry()
		e.entry()
		if name, _, data, _ := e.next(); name != "lang" || data != "en\n" {
			t.Errorf("a changed language comes as %q %q", name, data)
		}
		bot.forget(at)
		if name, id, _, _ := e.next(); name != "reset" || id != "0" {
			t.Errorf("a deleted conversation comes as %q %q", name, id)
		}
		e.close()
	})
}

func TestTooManyStreams(t *testing.T) {
	inBubble(t, func(t *testing.T, _ *office, _ channel.Address, open func(path, lastID string) *events, _ func()) {
		var all []*events
		for range 10 {
			all = append(all, open("/events?after=4", ""))
		}
		e := open("/events?after=4", "")
		if e.status != http.StatusTooManyRequests || e.header.Get("Retry-After") == "" {
			t.Errorf("the eleventh got %d", e.status)
		}
		e.close()
		for _, e := range all {
			e.close()
		}
		synctest.Wait()
		e = open("/events?after=4", "")
		if e.status != 200 {
			t.Errorf("once the others are gone: %d", e.status)
		}
		e.close()
	})
}

func TestFragments(t *testing.T) {
	s := newSite(t, webchat.Options{})
	b := s.browser().get("/").say("một")
	f := b.form(func(n *html.Node) bool { return attr(n, "id") == "text" })
	f.Set("text", "hai")
	f.Set("after", "4")
	b.post("/say", f)
	answer := b.body
	if !strings.Contains(answer, `data-seq="5"`) || !strings.Contains(answer, `data-seq="6"`) || strings.Contains(answer, `data-seq="4"`) || strings.Contains(answer, "<html") {
		t.Errorf("answer to a post:\n%s", answer)
	}
	b.get("/events?poll=1&after=4")
	if strings.Count(b.body, "data-seq") != 2 || b.header.Get("Cache-Control") != "no-store" {
		t.Errorf("polled:\n%s", b.body)
	}
	if b.get("/events?poll=1&after=6"); b.status != 200 || strings.TrimSpace(b.body) != "" {
		t.Errorf("polled with nothing new: %d %q", b.status, b.body)
	}
	s.bot.forget(s.bot.received[0].Address)
	if b.get("/events?poll=1&after=6"); b.status != http.StatusResetContent {
		t.Errorf("polled after everything was deleted: %d", b.status)
	}
	if stranger := s.browser().get("/events?after=1"); stranger.status != http.StatusForbidden {
		t.Errorf("without a cookie: %d", stranger.status)
	}
}
