package bot

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"sachhon/bot/programme"
	"sachhon/dialogs"
)

// ClassSpec is a class as the shell asks for it, or what is to change of one.
type ClassSpec struct {
	Title, About  dialogs.Text
	Sessions      []SessionSpec
	Venue, Sector string
	Seats         int
	PerEnterprise int       // 0: no limit
	Closes        time.Time // zero: when the class starts
	Planned       bool      // registration is not open yet
}

// SessionSpec is one session (buổi) of a class.
type SessionSpec struct{ Starts, Ends time.Time }

// ClassView is a class as the shell shows it.
type ClassView struct {
	ID, Status, Venue, Sector      string
	Title                          dialogs.Text
	Starts, Ends                   time.Time
	Seats, Taken, Offered, Waiting int
}

func viewOf(c *programme.Class, now time.Time) ClassView {
	return ClassView{ID: c.ID, Status: string(c.Status(now)), Venue: c.Venue, Sector: c.Sector, Title: c.Title,
		Starts: c.Starts(), Ends: c.Ends(), Seats: c.Seats, Taken: c.Taken, Offered: c.Offered, Waiting: c.Waiting}
}

func (s ClassSpec) sessions() []programme.Session {
	out := make([]programme.Session, len(s.Sessions))
	for i, x := range s.Sessions {
		out[i] = programme.Session{Starts: x.Starts, Ends: x.Ends}
	}
	return out
}

// AddClass adds a class and opens it unless it is only planned.
func (b *Bot) AddClass(ctx context.Context, spec ClassSpec) (view ClassView, err error) {
	err = b.committer.Do(ctx, func(tx Tx, _ *effects) error {
		c, err := programme.AddClass(tx, programme.ClassRequest{Title: spec.Title, Content: spec.About, Sessions: spec.sessions(),
			Venue: spec.Venue, Sector: spec.Sector, Seats: spec.Seats, PerEnterprise: spec.PerEnterprise,
			Closes: spec.Closes, Planned: spec.Planned}, b.random, b.clock())
		if err != nil {
			return err
		}
		view = viewOf(&c, b.clock())
		return nil
	})
	return view, err
}

// changeClass does one thing to a class and tells everybody concerned.
func (b *Bot) changeClass(ctx context.Context, id string, do func(tx Tx, now time.Time) (programme.Class, []programme.Notice, error)) (view ClassView, err error) {
	err = b.committer.Do(ctx, func(tx Tx, fx *effects) error {
		now := b.clock()
		if _, ok, err := tx.Class(id); err != nil || !ok {
			return errors.Join(err, badRequest{fmt.Errorf("there is no class %q; see `sachhon class list`", id)})
		}
		c, notices, err := do(tx, now)
		if err != nil {
			return err
		}
		view = viewOf(&c, now)
		t := turn{turns: b.turns, tx: tx, now: now, fx: fx}
		return t.notify(notices, "")
	})
	return view, err
}

// controlProgramme registers what the shell can do with classes, questions,
// messages, tables and the store.
func (b *Bot) controlProgramme(mux *http.ServeMux) {
	handle(mux, "POST /classes", func(r *http.Request) (any, error) {
		spec, err := decode[ClassSpec](r)
		if err != nil {
			return nil, err
		}
		return b.AddClass(r.Context(), spec)
	})
	handle(mux, "GET /classes", b.controlClasses)
	handle(mux, "POST /classes/{id}/open", b.controlChange(func(tx Tx, id string, now time.Time, _ ClassSpec) (programme.Class, []programme.Notice, error) {
		c, err := programme.OpenClass(tx, id, now)
		return c, nil, err
	}))
	handle(mux, "POST /classes/{id}/close", b.controlChange(func(tx Tx, id string, now time.Time, _ ClassSpec) (programme.Class, []programme.Notice, error) {
		c, err := programme.CloseClass(tx, id, now)
		return c, nil, err
	}))
	handle(mux, "POST /classes/{id}/cancel", b.controlChange(func(tx Tx, id string, now time.Time, _ ClassSpec) (programme.Class, []programme.Notice, error) {
		return programme.CancelClass(tx, id, now)
	}))
	handle(mux, "POST /classes/{id}/move", b.controlChange(b.moveClass))
	handle(mux, "GET /requests", b.controlRequests)
	handle(mux, "POST /requests/{id}", b.controlSetRequest)
	handle(mux, "GET /questions", b.controlQuestions)
	handle(mux, "POST /questions/{id}/reply", b.controlReply)
	handle(mux, "GET /outbox", b.controlOutbox)
	handle(mux, "POST /outbox/{id}/retry", b.controlRetry)
	handle(mux, "GET /leaflets", b.controlLeaflets)
	handle(mux, "GET /leaflets/sources", b.controlSources)
	mux.HandleFunc("GET /leaflets/{id}/print", b.controlLeaflet)
	mux.HandleFunc("GET /export/{what}", b.controlExport)
	handle(mux, "GET /check-store", b.controlCheckStore)
}

// moveClass changes sessions, venue and seats, what is given of them.
func (b *Bot) moveClass(tx Tx, id string, now time.Time, spec ClassSpec) (c programme.Class, all []programme.Notice, err error) {
	if len(spec.Sessions) > 0 || spec.Venue != "" {
		if c, all, err = programme.MoveClass(tx, programme.MoveRequest{Class: id, Sessions: spec.sessions(), Venue: spec.Venue}, now, b.hold(now)); err != nil {
			return c, nil, err
		}
	}
	if spec.Seats > 0 {
		var more []programme.Notice
		c, more, err = programme.ChangeSeats(tx, id, spec.Seats, now, b.hold(now))
		all = append(all, more...)
	}
	return c, all, err
}

func (b *Bot) controlChange(do func(tx Tx, id string, now time.Time, spec ClassSpec) (programme.Class, []programme.Notice, error)) func(*http.Request) (any, error) {
	return func(r *http.Request) (any, error) {
		spec, err := decode[ClassSpec](r)
		if err != nil {
			return nil, err
		}
		id := r.PathValue("id")
		return b.changeClass(r.Context(), id, func(tx Tx, now time.Time) (programme.Class, []programme.Notice, error) {
			return do(tx, id, now, spec)
		})
	}
}

func (b *Bot) controlClasses(r *http.Request) (any, error) {
	list := []ClassView{}
	now := b.clock()
	err := boltStore{b.store}.View(r.Context(), func(tx Tx) error {
		return tx.Classes(func(c programme.Class) bool {
			list = append(list, viewOf(&c, now))
			return true
		})
	})
	return list, err
}
