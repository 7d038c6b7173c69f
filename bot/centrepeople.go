package bot

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"sachhon/bot/console"
	"sachhon/bot/programme"
	"sachhon/dialogs"
)

// lines knows the waiting lists of the classes on a page, each read once.
type lines map[string]map[string]int

// position is a registration's place in the waiting list; 0: none.
func (l lines) position(tx Tx, r *programme.Registration) (int, error) {
	if r.Status != programme.Waiting {
		return 0, nil
	}
	if l[r.Class] == nil {
		waiting, err := programme.Line(tx, r.Class)
		if err != nil {
			return 0, err
		}
		l[r.Class] = make(map[string]int, len(waiting))
		for i := range waiting {
			l[r.Class][waiting[i].ID] = i + 1
		}
	}
	return l[r.Class][r.ID], nil
}

// registrations reads a page of registrations that a filter means.
func (p centrePort) registrations(tx Tx, f console.RegistrationFilter, limit int, walk func(fn func(programme.Registration) bool) error, keyOf func(*programme.Registration) string) ([]console.Registration, string, error) {
	places := lines{}
	return pageOf(limit, walk, keyOf, func(r *programme.Registration) (out console.Registration, fits bool, err error) {
		if f.Status != "" && r.Status != f.Status || f.Contact != "" && r.Contact != f.Contact {
			return out, false, nil
		}
		position, err := places.position(tx, r)
		return console.RegistrationOf(r, position, p.b.cfg.Timezone), true, err
	})
}

// ClassRegistrations reads the registrations of a class in order of arrival.
func (p centrePort) ClassRegistrations(ctx context.Context, class string, f console.RegistrationFilter, page console.Page) (items []console.Registration, next string, err error) {
	class = strings.ToLower(class)
	after, err := numberKey(page.After)
	if err != nil || after > 1<<31-1 {
		return nil, "", console.ErrCursor
	}
	err = p.view(ctx, func(tx Tx) error {
		if _, ok, err := tx.Class(class); err != nil || !ok {
			return errors.Join(err, console.ErrMissing)
		}
		items, next, err = p.registrations(tx, f, page.Limit,
			func(fn func(programme.Registration) bool) error {
				return tx.RegistrationsOfClassAfter(class, int(after), fn)
			},
			func(r *programme.Registration) string { return strconv.Itoa(r.Number) })
		return err
	})
	return items, next, err
}

// Registrations reads all registrations by their codes.
func (p centrePort) Registrations(ctx context.Context, f console.RegistrationFilter, page console.Page) (items []console.Registration, next string, err error) {
	err = p.view(ctx, func(tx Tx) error {
		items, next, err = p.registrations(tx, f, page.Limit,
			func(fn func(programme.Registration) bool) error { return tx.RegistrationsAfter(page.After, fn) },
			func(r *programme.Registration) string { return r.ID })
		return err
	})
	return items, next, err
}

// Registration returns one registration by its code.
func (p centrePort) Registration(ctx context.Context, id string) (out console.Registration, err error) {
	err = p.view(ctx, func(tx Tx) error {
		r, ok, err := tx.Registration(id)
		if err != nil || !ok {
			return errors.Join(err, console.ErrMissing)
		}
		position, err := programme.Position(tx, &r)
		out = console.RegistrationOf(&r, position, p.b.cfg.Timezone)
		return err
	})
	return out, err
}

// Contacts reads the contacts by their ids.
func (p centrePort) Contacts(ctx context.Context, page console.Page) (items []console.Contact, next string, err error) {
	err = p.view(ctx, func(tx Tx) error {
		items, next, err = pageOf(page.Limit, func(fn func(dialogs.Contact) bool) error { return tx.ContactsAfter(page.After, fn) },
			func(c *dialogs.Contact) string { return c.ID },
			func(c *dialogs.Contact) (console.Contact, bool, error) { return p.contact(c), true, nil })
		return err
	})
	return items, next, err
}

// Contact returns one contact.
func (p centrePort) Contact(ctx context.Context, id string) (out console.Contact, err error) {
	err = p.view(ctx, func(tx Tx) error {
		c, ok, err := tx.Contact(id)
		if err != nil || !ok {
			return errors.Join(err, console.ErrMissing)
		}
		out = p.contact(&c)
		return nil
	})
	return out, err
}

func (p centrePort) contact(c *dialogs.Contact) console.Contact {
	out := console.Contact{ID: c.ID, Name: c.Fact("name").Text, Enterprise: c.Fact("enterprise").Text, TaxCode: c.Fact("taxcode").Text,
		Job: c.Fact("position").Text, Phone: c.Fact("phone").Text, Language: string(c.Speaks()), Channels: listOf(channelsOf(c)),
		Consents: listOf(agreedTo(c)), Source: c.Source, Created: c.Created.In(p.b.cfg.Timezone)}
	if !c.OptedOut.IsZero() {
		out.OptedOut = c.OptedOut.In(p.b.cfg.Timezone)
	}
	return out
}

// listOf splits what a table shows in one cell.
func listOf(cell string) []string {
	if cell == "" {
		return []string{}
	}
	return strings.Split(cell, ", ")
}

// ExportContact returns everything that is kept of a contact, and notes who
// asked for it.
func (p centrePort) ExportContact(ctx context.Context, id string) (raw []byte, err error) {
	err = p.b.committer.Do(ctx, func(tx Tx, _ *effects) error {
		if _, ok, err := tx.Contact(id); err != nil || !ok {
			return errors.Join(err, console.ErrMissing)
		}
		if raw, err = p.b.turns.desk.copyOf(tx, id); err != nil {
			return err
		}
		return p.b.noteDeed(ctx, tx, id, nil)
	})
	return raw, err
}

// DeleteContact cancels what is to come, so that seats go to those who wait,
// and deletes every row that speaks of the contact.
func (p centrePort) DeleteContact(ctx context.Context, id string) error {
	return p.b.committer.Do(ctx, func(tx Tx, fx *effects) error {
		if _, ok, err := tx.Contact(id); err != nil || !ok {
			return errors.Join(err, console.ErrMissing)
		}
		now := p.b.clock()
		notices, err := programme.Leave(tx, id, now, p.b.hold(now))
		if err != nil {
			return err
		}
		t := turn{turns: p.b.turns, tx: tx, now: now, fx: fx}
		if err := t.notify(notices, ""); err != nil {
			return err
		}
		return errors.Join(tx.Forget(id, now), p.b.noteDeed(ctx, tx, id, nil))
	})
}
