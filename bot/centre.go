package bot

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"sachhon/bot/console"
	"sachhon/bot/desk"
	"sachhon/bot/programme"
)

// centrePort is the bot as programs that use the API see it.
type centrePort struct{ b *Bot }

// api registers what programs can ask for.
func (b *Bot) api(mux *http.ServeMux) {
	console.New(console.Options{Centre: centrePort{b}, Broadcasts: castPort{b}, Version: b.version, Location: b.cfg.Timezone, Log: b.log, Now: b.now}).Routes(mux)
}

func (p centrePort) view(ctx context.Context, fn func(Tx) error) error {
	return boltStore{p.b.store}.View(ctx, fn)
}

// Token returns the token with a hash.
func (p centrePort) Token(ctx context.Context, hash desk.TokenHash) (k desk.Token, ok bool, err error) {
	err = p.view(ctx, func(tx Tx) error {
		k, ok, err = tx.Token(hash)
		return err
	})
	return k, ok, err
}

// TokenUsed notes when a token was used.
func (p centrePort) TokenUsed(ctx context.Context, hash desk.TokenHash, at time.Time) error {
	return p.b.committer.Do(ctx, func(tx Tx, _ *effects) error {
		k, ok, err := tx.Token(hash)
		if err != nil || !ok || !k.Used.Before(at) {
			return err
		}
		k.Used = at
		return tx.PutToken(hash, k)
	})
}

// Answer returns what a request was answered.
func (p centrePort) Answer(ctx context.Context, token desk.TokenHash, key desk.RequestKey) (a desk.Answer, ok bool, err error) {
	err = p.view(ctx, func(tx Tx) error {
		a, ok, err = tx.Answer(token, key)
		return err
	})
	return a, ok, err
}

// pageOf reads one page: walk calls its function for each row behind the page's
// key, keyOf names a row, and show returns how it is shown, false to leave it out.
func pageOf[R, V any](limit int, walk func(fn func(R) bool) error, keyOf func(*R) string, show func(*R) (V, bool, error)) (items []V, next string, err error) {
	var last string
	more := false
	var failed error
	err = walk(func(r R) bool {
		v, fits, err := show(&r)
		switch {
		case err != nil:
			failed = err
			return false
		case !fits:
			return true
		case len(items) == limit:
			more = true
			return false
		}
		items, last = append(items, v), keyOf(&r)
		return true
	})
	if !more {
		last = ""
	}
	return items, last, errors.Join(err, failed)
}

// numberKey reads a key that is a number; an empty one is 0.
func numberKey(key string) (uint64, error) {
	if key == "" {
		return 0, nil
	}
	n, err := strconv.ParseUint(key, 10, 64)
	if err != nil {
		return 0, console.ErrCursor
	}
	return n, nil
}

// Records reads the audit, the latest first.
func (p centrePort) Records(ctx context.Context, page console.Page) (items []desk.Record, next string, err error) {
	before, err := numberKey(page.After)
	if err != nil {
		return nil, "", err
	}
	err = p.view(ctx, func(tx Tx) error {
		items, next, err = pageOf(page.Limit, func(fn func(desk.Record) bool) error { return tx.Records(before, fn) },
			func(r *desk.Record) string { return strconv.FormatUint(r.Number, 10) },
			func(r *desk.Record) (desk.Record, bool, error) {
				r.At = r.At.In(p.b.cfg.Timezone)
				return *r, true, nil
			})
		return err
	})
	return items, next, err
}

// AddClass adds a class.
func (p centrePort) AddClass(ctx context.Context, req programme.ClassRequest) (out console.Class, err error) {
	err = p.b.committer.Do(ctx, func(tx Tx, _ *effects) error {
		c, err := programme.AddClass(tx, req, p.b.random, p.b.clock())
		if err != nil {
			return err
		}
		out = console.ClassOf(&c, p.b.clock())
		return p.b.noteDeed(ctx, tx, c.ID, out)
	})
	return out, err
}

// Class returns a class.
func (p centrePort) Class(ctx context.Context, id string) (out console.Class, err error) {
	err = p.view(ctx, func(tx Tx) error {
		c, ok, err := tx.Class(strings.ToLower(id))
		if err != nil || !ok {
			return errors.Join(err, console.ErrMissing)
		}
		out = console.ClassOf(&c, p.b.clock())
		return nil
	})
	return out, err
}

// Classes reads the classes, the earliest first.
func (p centrePort) Classes(ctx context.Context, page console.Page) (items []console.Class, next string, err error) {
	var starts int64
	at, id, ok := strings.Cut(page.After, ".")
	if starts, err = strconv.ParseInt(at, 10, 64); page.After != "" && (err != nil || !ok || id == "") {
		return nil, "", console.ErrCursor
	}
	now := p.b.clock()
	err = p.view(ctx, func(tx Tx) error {
		items, next, err = pageOf(page.Limit, func(fn func(programme.Class) bool) error { return tx.ClassesAfter(time.Unix(starts, 0), id, fn) },
			func(c *programme.Class) string { return fmt.Sprintf("%d.%s", c.Starts().Unix(), c.ID) },
			func(c *programme.Class) (console.Class, bool, error) { return console.ClassOf(c, now), true, nil })
		return err
	})
	return items, next, err
}

// ChangeClass changes a class and tells everybody concerned.
func (p centrePort) ChangeClass(ctx context.Context, id string, change console.ClassChange) (out console.Class, err error) {
	id = strings.ToLower(id)
	err = p.b.committer.Do(ctx, func(tx Tx, fx *effects) error {
		now := p.b.clock()
		if _, ok, err := tx.Class(id); err != nil || !ok {
			return errors.Join(err, console.ErrMissing)
		}
		c, notices, err := changeOf(tx, id, &change, now, p.b.hold(now))
		if err != nil {
			return err
		}
		t := turn{turns: p.b.turns, tx: tx, now: now, fx: fx}
		if err := t.notify(notices, ""); err != nil {
			return err
		}
		out = console.ClassOf(&c, now)
		return p.b.noteDeed(ctx, tx, id, out)
	})
	return out, err
}

// changeOf carries out what is to change of a class, in the order in which one
// would do it by hand.
func changeOf(tx Tx, id string, change *console.ClassChange, now time.Time, hold time.Duration) (c programme.Class, all []programme.Notice, err error) {
	var more []programme.Notice
	if len(change.Sessions) > 0 || change.Venue != "" || !change.Closes.IsZero() {
		move := programme.MoveRequest{Class: id, Sessions: change.Sessions, Venue: change.Venue, Closes: change.Closes}
		if c, all, err = programme.MoveClass(tx, move, now, hold); err != nil {
			return c, nil, err
		}
	}
	if change.Seats > 0 {
		if c, more, err = programme.ChangeSeats(tx, id, change.Seats, now, hold); err != nil {
			return c, nil, err
		}
		all = append(all, more...)
	}
	switch change.State {
	case programme.StateOpen:
		c, err = programme.OpenClass(tx, id, now)
	case programme.StateClosed:
		c, err = programme.CloseClass(tx, id, now)
	case programme.StateCancelled:
		c, more, err = programme.CancelClass(tx, id, now)
		all = append(all, more...)
	}
	return c, all, err
}

// TakeAttendance keeps who was present at a session.
func (p centrePort) TakeAttendance(ctx context.Context, req programme.AttendanceRequest) (out console.Attendance, err error) {
	err = p.b.committer.Do(ctx, func(tx Tx, _ *effects) error {
		a, err := programme.TakeAttendance(tx, req, p.b.clock())
		if err != nil {
			return err
		}
		out = console.Attendance{Class: a.Class.ID, Session: req.Session, Attended: a.Attended, Absent: a.Absent, Unmarked: a.Unmarked}
		return p.b.noteDeed(ctx, tx, a.Class.ID, out)
	})
	return out, err
}

// Messages reads what people asked, the oldest first.
func (p centrePort) Messages(ctx context.Context, status string, page console.Page) (items []console.Message, next string, err error) {
	after, err := numberKey(page.After)
	if err != nil {
		return nil, "", err
	}
	err = p.view(ctx, func(tx Tx) error {
		items, next, err = pageOf(page.Limit, func(fn func(desk.Question) bool) error { return tx.QuestionsAfter(after, fn) },
			func(q *desk.Question) string { return strconv.FormatUint(q.ID, 10) },
			func(q *desk.Question) (console.Message, bool, error) {
				m := console.MessageOf(q, p.b.cfg.Timezone)
				return m, status == "" || m.Status == status, nil
			})
		return err
	})
	return items, next, err
}

// Message returns one question.
func (p centrePort) Message(ctx context.Context, id uint64) (out console.Message, err error) {
	err = p.view(ctx, func(tx Tx) error {
		q, ok, err := tx.Question(id)
		if err != nil || !ok {
			return errors.Join(err, console.ErrMissing)
		}
		out = console.MessageOf(&q, p.b.cfg.Timezone)
		return nil
	})
	return out, err
}

// Reply answers a question in the conversation that it came from.
func (p centrePort) Reply(ctx context.Context, id uint64, text string) (out console.Replied, err error) {
	err = p.b.committer.Do(ctx, func(tx Tx, fx *effects) error {
		if _, ok, err := tx.Question(id); err != nil || !ok {
			return errors.Join(err, console.ErrMissing)
		}
		if err := p.b.reply(tx, fx, id, text); err != nil {
			return err
		}
		out = console.Replied{ID: id, Status: "answered", Answered: p.b.clock()}
		return p.b.noteDeed(ctx, tx, strconv.FormatUint(id, 10), out)
	})
	return out, err
}
