package telegram

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// The measures of answering pressed buttons. A button shows that it is busy
// until it is answered; the people's programs give up after about a minute.
const (
	answersAtOnce = 8
	answerTimeout = 3 * time.Second
	answerUntil   = time.Minute
	maxAnswers    = 512 // that wait; beyond them buttons stay busy a little longer
)

// answers are the pressed buttons that are being answered, by chat.
type answers struct {
	slots chan struct{}
	mu    sync.Mutex
	n     int
	chats map[int64]*answering
}

// answering are the answers under way for one chat; done is closed when the
// last of them ended.
type answering struct {
	n    int
	done chan struct{}
}

func newAnswers() *answers {
	return &answers{slots: make(chan struct{}, answersAtOnce), chats: map[int64]*answering{}}
}

// begin notes that a button of a chat is being answered; false: too many are.
func (a *answers) begin(chat int64) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.n >= maxAnswers {
		return false
	}
	a.n++
	if a.chats[chat] == nil {
		a.chats[chat] = &answering{done: make(chan struct{})}
	}
	a.chats[chat].n++
	return true
}

func (a *answers) end(chat int64) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.n--
	c := a.chats[chat]
	if c.n--; c.n == 0 {
		close(c.done)
		delete(a.chats, chat)
	}
}

// settled waits until no button of a chat is being answered.
func (a *answers) settled(ctx context.Context, chat int64) error {
	for {
		a.mu.Lock()
		c := a.chats[chat]
		a.mu.Unlock()
		if c == nil {
			return ctx.Err()
		}
		select {
		case <-c.done:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// settledAll waits until no button at all is being answered, or ctx ends.
func (a *answers) settledAll(ctx context.Context) {
	for {
		a.mu.Lock()
		chats := slices.Collect(maps.Keys(a.chats))
		a.mu.Unlock()
		if len(chats) == 0 || a.settled(ctx, chats[0]) != nil {
			return
		}
	}
}

// answer tells Telegram that a pressed button was seen, beside all else. It
// ends with ctx, and by itself.
func (t *Telegram) answer(ctx context.Context, chat int64, query string) {
	if !t.answers.begin(chat) {
		return
	}
	go func() {
		defer t.answers.end(chat)
		ctx, cancel := context.WithTimeout(ctx, answerUntil)
		defer cancel()
		if err := t.answerOne(ctx, query); err != nil {
			t.log.Debug("pressed button not answered", "error", err)
		}
	}()
}

// answerOne asks once the gate is open, again while Telegram asks to wait. A
// query that is too old is refused, which harms nobody: the press counts.
func (t *Telegram) answerOne(ctx context.Context, query string) error {
	for {
		if err := t.client.gate.wait(ctx); err != nil {
			return err
		}
		err := t.answerNow(ctx, query)
		if meaningOf(err) != wait {
			return err
		}
	}
}

func (t *Telegram) answerNow(ctx context.Context, query string) error {
	select {
	case t.answers.slots <- struct{}{}:
		defer func() { <-t.answers.slots }()
	case <-ctx.Done():
		return ctx.Err()
	}
	ctx, cancel := context.WithTimeout(ctx, answerTimeout)
	defer cancel()
	_, err := t.client.call(ctx, "answerCallbackQuery", tgbotapi.Params{"callback_query_id": query})
	return err
}

// acts shows in a chat that the bot is at work, at most once in actFor.
type acts struct {
	mu    sync.Mutex
	last  map[int64]time.Time
	under int
}

// The measures of showing it. Telegram shows an action for at most 5 s.
const (
	actFor     = 5 * time.Second
	actTimeout = 3 * time.Second
	typingWait = 700 * time.Millisecond // shorter work needs no sign of life
	maxTyping  = 8                      // chats of one batch, and actions at once
)

func newActs() *acts { return &acts{last: map[int64]time.Time{}} }

// may says whether an action may be shown in a chat now, and counts it.
func (a *acts) may(chat int64, now time.Time) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.under >= maxTyping {
		return false
	}
	for old, at := range a.last {
		if now.Sub(at) >= actFor {
			delete(a.last, old)
		}
	}
	if _, shown := a.last[chat]; shown {
		return false
	}
	a.last[chat] = now
	a.under++
	return true
}

func (a *acts) ended() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.under--
}

// show shows an action, beside all else; where it cannot, nothing is lost.
func (a *acts) show(ctx context.Context, t *Telegram, chat int64, action string) {
	if t.client.gate.left() > 0 || !a.may(chat, time.Now()) {
		return
	}
	go func() {
		defer a.ended()
		ctx, cancel := context.WithTimeout(ctx, actTimeout)
		defer cancel()
		params := tgbotapi.Params{"action": action}
		params.AddNonZero64("chat_id", chat)
		if _, err := t.client.call(ctx, "sendChatAction", params); err != nil {
			t.log.Debug("action not shown", "action", action, "error", err)
		}
	}()
}

// typing shows in the chats that they are being worked for, as soon as that
// takes longer than people like to wait, until stop is called.
func (t *Telegram) typing(ctx context.Context, chats []int64) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		for d := typingWait; pause(ctx, d) == nil; d = actFor {
			for _, chat := range chats {
				t.acts.show(ctx, t, chat, "typing")
			}
		}
	}()
	return cancel
}
