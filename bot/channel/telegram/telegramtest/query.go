package telegramtest

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"
	"unicode/utf8"
)

const tooOld = "query is too old and response timeout expired or query ID is invalid"

// query is a pressed button that waits for its answer.
type query struct {
	id        string
	chat      int64
	person    *Person
	at        time.Time
	delivered bool
	answered  bool
	blamed    bool
}

// Toast is how the bot answered a pressed button. Most have no text: they only
// end the spinner.
type Toast struct {
	CallbackID string
	Text       string
	Alert      bool // shown until the person closes it
	URL        string
	At         time.Time
}

func (s *Server) answerCallbackQuery(_ context.Context, r *request) (any, *apiError) {
	q := s.queries[r.get("callback_query_id")]
	now := s.opts.Now()
	if q == nil || q.answered || now.Sub(q.at) > s.opts.CallbackWindow {
		return nil, refused(400, tooOld)
	}
	if n := utf8.RuneCountInString(r.get("text")); n > maxToast {
		return nil, refused(400, "MESSAGE_TOO_LONG").rudely(fmt.Sprintf("%s: a text of %d characters, more than %d", r.method, n, maxToast))
	}
	q.answered = true
	q.person.toasts = append(q.person.toasts, Toast{CallbackID: q.id, Text: r.get("text"), Alert: r.flag("show_alert"), URL: r.get("url"), At: now})
	s.touch()
	return true, nil
}

// noteDelivered marks the pressed buttons that the bot has heard of.
func (s *Server) noteDelivered(u *update) {
	if u.kind != "callback_query" {
		return
	}
	var q callbackQuery
	if json.Unmarshal(u.body, &q) == nil && s.queries[q.ID] != nil {
		s.queries[q.ID].delivered = true
	}
}

// answeredFirst holds it against the bot when it writes to a chat before it has
// answered the button that was pressed there: the spinner goes on meanwhile.
func (s *Server) answeredFirst(c *room, method string) {
	now := s.opts.Now()
	for id, q := range s.queries {
		if now.Sub(q.at) > s.opts.CallbackWindow {
			delete(s.queries, id)
			continue
		}
		if q.chat == c.chat.ID && q.delivered && !q.answered && !q.blamed {
			q.blamed = true
			s.violate("%s to chat %d before the callback query there was answered", method, c.chat.ID)
		}
	}
}

// press makes the press of a button happen.
func (s *Server) press(p *Person, c *room, on *post, id int64, data string) int {
	now := s.opts.Now()
	q := &query{id: strconv.Itoa(4_000_000_000_000_000 + s.number()), chat: c.chat.ID, person: p, at: now}
	s.queries[q.id] = q
	body := callbackQuery{ID: q.id, From: p.user, ChatInstance: decimal(c.chat.ID * 7919), Data: data, Message: gone{ID: id, Chat: c.chat}}
	if on != nil {
		body.Message = on.msg
	}
	return s.happen("callback_query", "user "+decimal(p.user.ID), body, now, callbackLife)
}
