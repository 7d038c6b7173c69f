package telegramtest

import (
	"bytes"
	"cmp"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"html/template"
	"io"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"
	"time"
)

//go:embed static
var pageFiles embed.FS

//go:embed templates
var pageTemplates embed.FS

const (
	pageWait   = 25 * time.Second // for something new
	pageUpload = maxDownload + 1<<20
	pagePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

// page is the page on which one plays a person.
type page struct {
	s         *Server
	templates *template.Template
}

// Page is a page that looks like a messenger and on which one plays a person:
// ?as=NAME says whom, or as the id of a person that exists; ?lang=vi or en; and
// ?start=PAYLOAD is what a deep link would carry. Its addresses are relative, so
// that it can be mounted anywhere by http.StripPrefix with a final slash. It
// keeps no cookies, and whoever can open it can be anybody: it is for the own
// machine.
func (s *Server) Page() http.Handler {
	p := &page{s: s, templates: template.Must(template.ParseFS(pageTemplates, "templates/*.html"))}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", p.show)
	mux.HandleFunc("GET /log", p.log)
	mux.HandleFunc("GET /media", p.media)
	mux.Handle("POST /do", http.NewCrossOriginProtection().Handler(http.HandlerFunc(p.act)))
	mux.Handle("GET /static/", http.FileServerFS(pageFiles))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", pagePolicy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		mux.ServeHTTP(w, r)
	})
}

// player is who plays and in which language.
type player struct {
	*Person
	As      string
	Lang    string
	Payload string // of the deep link that led here
}

func (p *page) player(r *http.Request) player {
	lang := r.FormValue("lang")
	if lang != "en" {
		lang = "vi"
	}
	as := strings.TrimSpace(r.FormValue("as"))
	if runes := []rune(as); len(runes) > 64 {
		as = string(runes[:64])
	}
	if as == "" {
		as = pageWords[lang].Guest
	}
	return player{p.s.playedBy(as, lang), as, lang, r.FormValue("start")}
}

// playedBy finds or makes the person who is played under a name; the language
// of their app is that of the page.
func (s *Server) playedBy(as, lang string) *Person {
	s.mu.Lock()
	defer s.mu.Unlock()
	if id, err := strconv.ParseInt(as, 10, 64); err == nil && s.people[id] != nil {
		return s.people[id]
	}
	who := s.named[as]
	if who == nil {
		id := int64(5_000_001)
		for s.rooms[id] != nil {
			id++
		}
		who = s.newPerson(id, as, lang)
		s.named[as] = who
	}
	who.user.LanguageCode = lang
	return who
}

func (p *page) show(w http.ResponseWriter, r *http.Request) {
	who := p.player(r)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if err := p.templates.ExecuteTemplate(w, "page.html", p.s.view(who)); err != nil {
		http.Error(w, "the page cannot be shown", http.StatusInternalServerError)
	}
}

// news is what the page asks for: the changing parts of it, as HTML.
type news struct {
	Version  string `json:"version"`
	Log      string `json:"log"`
	Foot     string `json:"foot"`
	Doing    string `json:"doing"`
	Answered int    `json:"answered"` // presses answered so far
	Toast    string `json:"toast"`    // the last answer
	Alert    bool   `json:"alert"`
}

// log answers when there is something that the page does not have yet.
func (p *page) log(w http.ResponseWriter, r *http.Request) {
	who := p.player(r)
	over := time.NewTimer(pageWait)
	defer over.Stop()
	for {
		p.s.mu.Lock()
		changed := p.s.changed
		p.s.mu.Unlock()
		n, ends, err := p.news(who)
		if err != nil {
			http.Error(w, "the page cannot be shown", http.StatusInternalServerError)
			return
		}
		if n.Version != r.FormValue("since") {
			writeJSON(w, http.StatusOK, n)
			return
		}
		if !p.wait(r, changed, ends, over) {
			w.WriteHeader(http.StatusNoContent)
			return
		}
	}
}

// wait waits for a change, or for the end of what the bot is seen to be doing.
func (p *page) wait(r *http.Request, changed <-chan struct{}, ends time.Duration, over *time.Timer) bool {
	var done <-chan time.Time
	if ends > 0 {
		timer := time.NewTimer(ends)
		defer timer.Stop()
		done = timer.C
	}
	select {
	case <-changed:
		return true
	case <-done:
		return true
	case <-over.C:
	case <-r.Context().Done():
	case <-p.s.base.Done():
	}
	return false
}

func (p *page) news(who player) (news, time.Duration, error) {
	view := p.s.view(who)
	var log, foot bytes.Buffer
	if err := p.templates.ExecuteTemplate(&log, "talk", view); err != nil {
		return news{}, 0, fmt.Errorf("show talk: %w", err)
	}
	if err := p.templates.ExecuteTemplate(&foot, "foot", view); err != nil {
		return news{}, 0, fmt.Errorf("show field: %w", err)
	}
	n := news{Log: log.String(), Foot: foot.String(), Doing: view.Doing, Answered: len(view.toasts)}
	if len(view.toasts) > 0 {
		last := view.toasts[len(view.toasts)-1]
		n.Toast, n.Alert = last.Text, last.Alert
	}
	raw, err := json.Marshal(n)
	if err != nil {
		return news{}, 0, fmt.Errorf("show talk: %w", err)
	}
	sum := fnv.New64a()
	_, _ = sum.Write(raw) // it never fails
	n.Version = strconv.FormatUint(sum.Sum64(), 36)
	return n, view.ends, nil
}

// act does what the person does on the page.
func (p *page) act(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, pageUpload)
	if err := r.ParseMultipartForm(pageUpload); err != nil && !errors.Is(err, http.ErrNotMultipart) {
		http.Error(w, pageWords["vi"].TooBig, http.StatusRequestEntityTooLarge)
		return
	}
	who := p.player(r)
	if err := p.do(who, r); err != nil {
		http.Error(w, err.Error(), http.StatusUnprocessableEntity)
		return
	}
	if r.Header.Get("Sec-Fetch-Dest") == "empty" || r.Header.Get("X-Page") != "" {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	http.Redirect(w, r, "./?"+url.Values{"as": {who.As}, "lang": {who.Lang}}.Encode(), http.StatusSeeOther)
}

func (p *page) do(who player, r *http.Request) error {
	text := strings.TrimSpace(r.FormValue("text"))
	switch what := r.FormValue("what"); what {
	case "say":
		if text != "" {
			who.Say(text)
		}
	case "start":
		who.Start(text)
	case "press":
		id, _ := strconv.ParseInt(r.FormValue("message"), 10, 64)
		who.PressOn(id, r.FormValue("data"))
	case "key":
		return who.Press(text)
	case "contact":
		who.ShareContact()
	case "block":
		who.Block()
	case "unblock":
		who.Unblock()
	case "file":
		return p.sendFile(who, r)
	default:
		return fmt.Errorf("nobody can do %q here", what)
	}
	return nil
}

func (p *page) sendFile(who player, r *http.Request) error {
	in, head, err := r.FormFile("file")
	if err != nil {
		return fmt.Errorf("read file: %w", err)
	}
	defer in.Close()
	raw, err := io.ReadAll(in)
	if err != nil {
		return fmt.Errorf("read file: %w", err)
	}
	if strings.HasPrefix(http.DetectContentType(raw), "image/") {
		if _, err := who.SendPhoto(raw, ""); err == nil {
			return nil
		}
	}
	_, err = who.SendDocument(raw, path.Base(cmp.Or(head.Filename, "file")), "")
	return err
}

// media hands out a picture or a document of the conversation.
func (p *page) media(w http.ResponseWriter, r *http.Request) {
	who := p.player(r)
	id, _ := strconv.ParseInt(r.FormValue("id"), 10, 64)
	p.s.mu.Lock()
	var f *file
	if found := who.room.find(id); found != nil {
		f = found.file
	}
	p.s.mu.Unlock()
	if f == nil {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	if f.kind == photoKind {
		h.Set("Content-Type", f.mime)
	} else {
		h.Set("Content-Type", "application/octet-stream")
		h.Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(f.name))
	}
	h.Set("Content-Length", strconv.Itoa(len(f.bytes)))
	_, _ = w.Write(f.bytes) // the browser has gone when this fails
}
