package webchat

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"sachhon/bot/channel"
	"sachhon/dialogs"
)

const (
	// heartbeat keeps proxies from closing a quiet stream; most do after 60 s.
	heartbeat = 25 * time.Second
	// writeWait is how long a browser may take to accept what is written.
	writeWait = 30 * time.Second
	// retry is how long a browser waits before it connects again.
	retry = 2 * time.Second
)

// getEvents sends what comes after an entry: as a stream that stays open, or,
// with ?poll=1, once.
func (w *Web) getEvents(rw http.ResponseWriter, r *http.Request) {
	asked := r.URL.Query()
	words := wordsIn(askedLang(asked.Get("lang")))
	v := visitorOf(r)
	if !v.known() {
		plain(rw, http.StatusForbidden, vietnamese.NoCookie+" / "+english.NoCookie)
		return
	}
	after, _ := strconv.ParseUint(asked.Get("after"), 10, 64)
	if last, err := strconv.ParseUint(r.Header.Get("Last-Event-ID"), 10, 64); err == nil {
		after = last
	}
	if asked.Get("poll") != "" {
		w.writeFragment(rw, r, v.address(), after, asked.Get("lang"))
		return
	}
	end, ok := w.guests.stream(v.secret, w.clientIP(r))
	if !ok {
		rw.Header().Set("Retry-After", "30")
		plain(rw, http.StatusTooManyRequests, words.Streams)
		return
	}
	defer end()
	s := stream{web: w, at: v.address(), after: after, out: rw, control: http.NewResponseController(rw), lang: askedLang(asked.Get("lang"))}
	s.run(r)
}

// stream is one open event stream.
type stream struct {
	web     *Web
	at      channel.Address
	after   uint64
	lang    dialogs.Lang // of the page
	out     http.ResponseWriter
	control *http.ResponseController
	closed  bool // the browser left; it asks for the rest when it comes back
}

// run writes until the browser leaves or the program ends.
func (s *stream) run(r *http.Request) {
	// Watching begins before the first look: nothing falls between the two.
	grown, end := s.web.bot.Watch(s.at)
	defer end()
	h := s.out.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no") // nginx would hold events back
	// A server's limit on reading a request would otherwise end the stream.
	_ = s.control.SetReadDeadline(time.Time{})
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	s.write(fmt.Sprintf("retry: %d\nevent: hello\ndata:\n\n", retry.Milliseconds()))
	for !s.closed {
		if err := s.news(r); err != nil {
			if r.Context().Err() == nil {
				s.web.log.Error("stream conversation", "err", err)
			}
			return
		}
		select {
		case _, ok := <-grown:
			if !ok {
				return
			}
		case <-beat.C:
			s.write(": still here\n\n")
		case <-r.Context().Done():
			return
		}
	}
}

// news writes what was said since, and whether the page has to be loaded anew.
func (s *stream) news(r *http.Request) error {
	entries, gone, err := s.web.since(r.Context(), s.at, s.after)
	if err != nil {
		return err
	}
	lang, chosen, err := s.web.langOf(r, s.at, string(s.lang))
	if err != nil {
		return err
	}
	if gone {
		s.write("id: 0\nevent: reset\ndata:\n\n")
	}
	live := channel.Live(entries)
	for i, e := range entries {
		var html bytes.Buffer
		if err := s.web.renderEntries(&html, entries[i:i+1], live[i:i+1], lang, chosen); err != nil {
			return err
		}
		s.write(fmt.Sprintf("id: %d\nevent: entry\n%s\n", e.Seq, dataLines(html.String())))
		s.after = e.Seq
	}
	if lang != s.lang {
		s.lang = lang
		s.write("event: lang\ndata: " + string(lang) + "\n\n")
	}
	return nil
}

// write sends one piece at once.
func (s *stream) write(text string) {
	if s.closed {
		return
	}
	// A connection that knows no deadlines is served without.
	_ = s.control.SetWriteDeadline(time.Now().Add(writeWait))
	if _, err := io.WriteString(s.out, text); err != nil || s.control.Flush() != nil {
		s.closed = true
	}
}

// dataLines writes a text as the data of an event, in which every kind of line
// break ends a line.
func dataLines(text string) string {
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(strings.TrimSpace(text))
	return "data: " + strings.ReplaceAll(text, "\n", "\ndata: ") + "\n"
}

// renderEntries writes entries as the page's script takes them.
func (w *Web) renderEntries(out io.Writer, entries []channel.Entry, live []bool, lang dialogs.Lang, chosen bool) error {
	own := fields{ID: randomHex(8)}
	if !chosen {
		own.Lang = string(lang)
	}
	v := viewer{lang: lang, location: w.opts.Location, now: w.now(), fields: own, everyDay: true}
	for _, view := range v.entries(entries, live) {
		if err := w.look().render(out, "entry", view); err != nil {
			return fmt.Errorf("render entry: %w", err)
		}
	}
	return nil
}
