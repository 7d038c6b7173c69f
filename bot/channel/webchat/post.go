package webchat

import (
	"bytes"
	"context"
	"errors"
	"math"
	"net/http"
	"slices"
	"strconv"
	"time"

	"sachhon/bot/channel"
)

// postPage takes a form of the page and shows the page again: by a redirect
// once everything is durable, else with what was typed and a word of why.
func (w *Web) postPage(rw http.ResponseWriter, r *http.Request) {
	v := visit{visitor: visitorOf(r), path: r.URL.Path, shown: pageEntries}
	f, p := w.take(rw, r, v.visitor)
	var err error
	if p == nil {
		target := v.path
		if f.own.Lang != "" {
			if lang, err := w.bot.Lang(r.Context(), v.visitor.address()); err != nil || lang == "" {
				target += "?lang=" + f.own.Lang // not kept anywhere yet
			}
		}
		rw.Header().Set("Cache-Control", "no-store")
		http.Redirect(rw, r, target+"#end", http.StatusSeeOther)
		return
	}
	if !v.visitor.known() {
		v.visitor = w.greet(rw, r)
	}
	v.at, v.fresh = v.visitor.address(), f.own
	v.lang, v.chosen, err = w.langOf(r, v.at, f.own.Lang)
	if err != nil {
		w.log.Error("read language of a visitor", "err", err)
	}
	w.showPage(rw, r, v, f, p)
}

// postFragment takes a form that the page's script sent and answers with the
// entries that the page does not show yet.
func (w *Web) postFragment(rw http.ResponseWriter, r *http.Request) {
	v := visitorOf(r)
	f, p := w.take(rw, r, v)
	if !v.known() {
		w.greet(rw, r) // the next try has a cookie, if the browser takes them
	}
	if p != nil {
		if p.after > 0 {
			rw.Header().Set("Retry-After", strconv.Itoa(p.after))
		}
		plain(rw, p.status, p.sentence)
		return
	}
	w.writeFragment(rw, r, v.address(), f.after, f.own.Lang)
}

// take reads a post and gives it to the bot. Once it returns without a
// problem, what was said is durable.
func (w *Web) take(rw http.ResponseWriter, r *http.Request, v visitor) (form, *problem) {
	var f form
	var err error
	if !isUpload(r) {
		f, err = readForm(rw, r)
	}
	words := wordsIn(askedLang(f.own.Lang))
	if err == nil && v.known() {
		if lang, known := w.bot.Lang(r.Context(), v.address()); known == nil && lang != "" {
			words = wordsIn(lang)
		}
	}
	if p := w.refuse(r, v, f, err, words); p != nil {
		return f, p
	}
	if isUpload(r) {
		if f, err = w.readUpload(r); err != nil {
			return f, w.uploadProblem(err, words)
		}
		if !f.sent {
			return f, &problem{status: http.StatusBadRequest, sentence: words.NoFile}
		}
	}
	return f, w.deliver(r.Context(), v.address(), f, words)
}

// refuse says why a post is not to be taken at all.
func (w *Web) refuse(r *http.Request, v visitor, f form, err error, words *words) *problem {
	if err != nil {
		return &problem{status: http.StatusRequestEntityTooLarge, sentence: words.TooBig}
	}
	if !v.known() {
		return &problem{status: http.StatusForbidden, sentence: vietnamese.NoCookie + " / " + english.NoCookie}
	}
	if wait := w.guests.post(v.secret, w.clientIP(r), w.now()); wait > 0 {
		return &problem{status: http.StatusTooManyRequests, sentence: words.TooMany, after: int(math.Ceil(min(wait, time.Hour).Seconds()))}
	}
	if f.tooLong() {
		return &problem{status: http.StatusRequestEntityTooLarge, sentence: words.TooLong}
	}
	return nil
}

func (w *Web) uploadProblem(err error, words *words) *problem {
	switch {
	case errors.Is(err, errBigFile):
		return &problem{status: http.StatusRequestEntityTooLarge, sentence: words.BigFile}
	case errors.Is(err, errBadFile):
		return &problem{status: http.StatusUnsupportedMediaType, sentence: words.BadFile}
	case errors.Is(err, errNoFile):
		return &problem{status: http.StatusBadRequest, sentence: words.NoFile}
	}
	w.log.Error("keep uploaded file", "err", err)
	return &problem{status: http.StatusServiceUnavailable, sentence: words.Failed, after: 5}
}

// deliver gives a form to the bot: the beginning of the conversation, where
// this is the first post, and what the person said, in one call.
func (w *Web) deliver(ctx context.Context, at channel.Address, f form, words *words) *problem {
	entries, err := w.bot.Transcript(ctx, at, 0, maxAsked)
	if err != nil {
		return w.failed("read conversation", err, words)
	}
	var in []channel.Incoming
	// Another tab may have begun the conversation since the page was made; a
	// deep link is meant all the same.
	if len(entries) == 0 || f.own.Start != "" {
		if f.own.Begin == "" { // the page could not show the beginning
			f.own.Begin = f.id
		}
		in = append(in, w.opening(at, f.own))
	}
	label := ""
	if f.press != "" {
		var ok bool
		label, ok = labelOf(entries, f.press)
		if !ok && len(in) > 0 {
			previewed, err := w.bot.Preview(ctx, in[0])
			if err != nil {
				return w.failed("preview beginning of a conversation", err, words)
			}
			label, ok = labelOf(previewed, f.press)
		}
		if !ok {
			return &problem{status: http.StatusConflict, sentence: words.OldPress}
		}
	}
	if !f.empty() {
		in = append(in, w.incoming(at, f, label))
	}
	if len(in) == 0 {
		return nil
	}
	if err := w.bot.Receive(ctx, in...); err != nil {
		return w.failed("receive a post", err, words)
	}
	return nil
}

// maxAsked is how many entries back a button may be to be pressed.
const maxAsked = 200

func (w *Web) failed(what string, err error, words *words) *problem {
	w.log.Error(what, "err", err)
	return &problem{status: http.StatusServiceUnavailable, sentence: words.Failed, after: 5}
}

// labelOf returns what the person saw on a button: the browser is not asked.
func labelOf(entries []channel.Entry, id string) (string, bool) {
	for _, e := range slices.Backward(entries) {
		if e.From == channel.FromPerson {
			continue
		}
		for _, row := range e.Message.Buttons {
			for _, b := range row {
				if b.ID == id && !b.SharePhone {
					return b.Label, true
				}
			}
		}
	}
	return "", false
}

// writeFragment answers with the entries after a number, as the page shows
// them; with 205 where the page has to be loaded anew.
func (w *Web) writeFragment(rw http.ResponseWriter, r *http.Request, at channel.Address, after uint64, asked string) {
	lang, chosen, err := w.langOf(r, at, asked)
	entries, gone, err2 := w.since(r.Context(), at, after)
	var out bytes.Buffer
	err = errors.Join(err, err2)
	if gone && err == nil {
		rw.WriteHeader(http.StatusResetContent)
		return
	}
	if err == nil {
		err = w.renderEntries(&out, entries, channel.Live(entries), lang, chosen)
	}
	if err != nil {
		w.log.Error("read conversation", "err", err)
		plain(rw, http.StatusServiceUnavailable, wordsIn(lang).Unread)
		return
	}
	h := rw.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", string(lang))
	h.Set("Cache-Control", "no-store")
	// The connection is gone when this fails, and the page will ask again.
	_, _ = rw.Write(out.Bytes())
}
