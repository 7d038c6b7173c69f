package webchat

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"sachhon/bot/channel"
	"sachhon/dialogs"
)

// How many entries a page shows at first, with each "earlier", and at most.
const (
	pageEntries    = 60
	maxPageEntries = 2000
)

// page is what the page template shows.
type page struct {
	W       *words
	Lang    dialogs.Lang
	Other   dialogs.Lang
	Centre  string
	Frame   bool
	Entries []entryView
	Last    uint64 // number of the last committed entry
	Hint    dialogs.InputHint
	Older   string // link to earlier entries; empty: none
	// OtherURL is the page in the other language for somebody who has no
	// conversation yet; with one, the change is a command.
	OtherURL  string
	OtherText string
	Notice    string // what went wrong with the last post
	Text      string // typed and not sent yet
	Fields    fields
}

// visit is one request for a page: who asks, and for what.
type visit struct {
	visitor visitor
	at      channel.Address
	lang    dialogs.Lang // of the page
	chosen  bool         // the contact chose it
	path    string
	shown   int // how many entries are asked for
	fresh   fields
}

// problem is why a post was not taken.
type problem struct {
	status   int
	sentence string
	after    int // seconds to wait; 0: not a matter of time
}

// getPage shows the conversation, or the beginning of one.
func (w *Web) getPage(rw http.ResponseWriter, r *http.Request) {
	asked := r.URL.Query()
	v := visit{visitor: w.greet(rw, r), path: r.URL.Path, shown: pageEntries}
	v.at = v.visitor.address()
	if n, err := strconv.Atoi(asked.Get("last")); err == nil {
		v.shown = min(max(n, pageEntries), maxPageEntries)
	}
	var err error
	v.lang, v.chosen, err = w.langOf(r, v.at, asked.Get("lang"))
	if err != nil {
		w.log.Error("read language of a visitor", "err", err)
	}
	if payload, ok := startPayload(asked.Get("start")); ok {
		v.fresh = fields{Fresh: true, Begin: randomHex(8), Start: payload}
	}
	w.showPage(rw, r, v, form{}, nil)
}

// langOf returns the language in which to speak to an address, and whether the
// contact chose it.
func (w *Web) langOf(r *http.Request, at channel.Address, asked string) (dialogs.Lang, bool, error) {
	lang, err := w.bot.Lang(r.Context(), at)
	if lang != "" && err == nil {
		return dialogs.ParseLang(string(lang)), true, nil
	}
	return askedLang(asked), false, err
}

// showPage renders the page; f is what was typed and not taken, p why.
func (w *Web) showPage(rw http.ResponseWriter, r *http.Request, v visit, f form, p *problem) {
	view, err := w.page(r, v, f)
	status := http.StatusOK
	if err != nil {
		w.log.Error("read conversation", "err", err)
		status, view.Notice = http.StatusServiceUnavailable, view.W.Unread
	}
	h := rw.Header()
	if p != nil {
		status, view.Notice = p.status, p.sentence
		if p.after > 0 {
			h.Set("Retry-After", strconv.Itoa(p.after))
		}
	}
	var out bytes.Buffer
	if err := w.look().render(&out, "page.html", view); err != nil {
		w.log.Error("render page", "err", err)
		plain(rw, http.StatusInternalServerError, view.W.Unread)
		return
	}
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", string(view.Lang))
	h.Set("Cache-Control", "no-store")
	h.Set("Vary", "Cookie, Accept-Language")
	rw.WriteHeader(status)
	// The connection is gone when this fails, and nothing else is owed.
	_, _ = rw.Write(out.Bytes())
}

// page collects what the page shows. On an error the view still shows a page
// on which one can write.
func (w *Web) page(r *http.Request, v visit, f form) (page, error) {
	view := page{W: wordsIn(v.lang), Lang: v.lang, Other: otherLang(v.lang), Centre: w.opts.Centre, Frame: v.path == "/widget", Text: f.text}
	if view.Centre == "" {
		view.Centre = view.W.Centre
	}
	view.OtherText = langCommand(view.Other)
	own := fields{ID: randomHex(8)}
	if !v.chosen {
		own.Lang = string(v.lang)
	}
	entries, err := w.bot.Transcript(r.Context(), v.at, 0, v.shown+1)
	live := channel.Live(entries)
	if len(entries) > v.shown {
		entries, live = entries[1:], live[1:]
		if v.shown < maxPageEntries {
			view.Older = v.path + "?last=" + strconv.Itoa(min(v.shown+100, maxPageEntries))
		}
	}
	show := viewer{lang: v.lang, location: w.opts.Location, now: w.now(), fields: own}
	view.Entries = show.entries(entries, live)
	day := ""
	if n := len(entries); n > 0 {
		view.Last, view.Hint, day = entries[n-1].Seq, hintOf(entries), view.Entries[n-1].Day
	}
	switch {
	case err != nil: // what the form was to begin, it still begins
		own.Fresh, own.Begin, own.Start = v.fresh.Fresh, v.fresh.Begin, v.fresh.Start
	case len(entries) == 0 || v.fresh.Start != "":
		own = w.begin(r, v, own, show, &view, day)
	}
	if f.id != "" {
		own.ID = f.id // the same words sent once more act once
	}
	view.Fields = own
	return view, err
}

// begin adds the preview of a conversation's beginning to the page and returns
// the fields by which a form commits it.
func (w *Web) begin(r *http.Request, v visit, own fields, show viewer, view *page, day string) fields {
	own.Fresh, own.Begin, own.Start = true, v.fresh.Begin, v.fresh.Start
	if own.Begin == "" {
		own.Begin = randomHex(8)
	}
	if len(view.Entries) == 0 {
		q := url.Values{"lang": {string(view.Other)}}
		if own.Start != "" {
			q.Set("start", own.Start)
		}
		view.OtherURL = v.path + "?" + q.Encode()
	}
	show.fields = own
	entries := w.preview(r, v.at, own)
	view.Hint = hintOf(entries)
	view.Entries = append(view.Entries, show.previews(entries, day)...)
	return own
}

// preview plays the beginning of a conversation; without one, the page greets
// by itself, since writing works all the same.
func (w *Web) preview(r *http.Request, at channel.Address, own fields) []channel.Entry {
	if w.guests.preview(w.clientIP(r), w.now()) {
		entries, err := w.bot.Preview(r.Context(), w.opening(at, own))
		if err == nil {
			return entries
		}
		w.log.Error("preview beginning of a conversation", "err", err)
	}
	hello := dialogs.Message{Text: wordsIn(dialogs.Lang(own.Lang)).NoGuess}
	return []channel.Entry{{At: w.now(), From: channel.FromBot, Message: hello}}
}

// opening is the turn that begins a conversation.
func (w *Web) opening(at channel.Address, own fields) channel.Incoming {
	text := strings.TrimSpace(openingCommand + " " + own.Start)
	return channel.Incoming{
		ID: incomingID(at, own.Begin, "begin", own.Start), Address: at, At: w.now(),
		Input: dialogs.Say(text), Lang: dialogs.Lang(own.Lang),
	}
}

// incomingID is the id of what a form sends: the same form with the same
// content is the same thing delivered twice.
func incomingID(at channel.Address, nonce, kind, content string) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{at.ID, nonce, kind, content}, "\x00")))
	return hex.EncodeToString(sum[:12])
}

// hintOf is the hint of what is being asked: that of the last message, unless
// the person spoke after it.
func hintOf(entries []channel.Entry) dialogs.InputHint {
	if n := len(entries); n > 0 && entries[n-1].From != channel.FromPerson {
		return entries[n-1].Message.Hint
	}
	return dialogs.HintNone
}

// maxPayload is the longest payload of a deep link in bytes, twice Telegram's.
const maxPayload = 128

// startPayload returns the payload of a deep link; false when it has not the
// form of one.
func startPayload(s string) (string, bool) {
	ok := s != "" && len(s) <= maxPayload && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") == ""
	return s, ok
}

// since returns the entries after a number, oldest first; gone says that the
// entry of that number is no longer there, since the person had everything
// deleted, and that the page which shows it has to be loaded anew.
func (w *Web) since(ctx context.Context, at channel.Address, after uint64) (all []channel.Entry, gone bool, err error) {
	from := after
	if after > 1 {
		from-- // with 0 the last ones would come instead
	}
	for {
		entries, err := w.bot.Transcript(ctx, at, from, pageEntries)
		all = append(all, entries...)
		if err != nil || len(entries) < pageEntries || from == 0 || len(all) >= maxPageEntries {
			if after > 1 {
				all, gone = without(all, after)
			}
			return all, gone, err
		}
		from = entries[len(entries)-1].Seq
	}
}

// without drops the entry that the page knows already and says whether it is
// missing.
func without(entries []channel.Entry, known uint64) ([]channel.Entry, bool) {
	if len(entries) == 0 || entries[0].Seq != known {
		return entries, true
	}
	return entries[1:], false
}
