package bot

import (
	"fmt"
	"strings"
	"time"

	"sachhon/bot/documents"
	"sachhon/bot/programme"
	"sachhon/dialogs"
)

// lib is the content of the moment.
func (a *actions) lib() *dialogs.Library { return a.b.turns.engine.Load().Library() }

// words fills a wording's {placeholders} in both languages.
func (a *actions) words(key string, pairs ...string) dialogs.Text {
	t := a.lib().Text(key)
	r := strings.NewReplacer(pairs...)
	return dialogs.Text{VI: r.Replace(t.VI), EN: r.Replace(t.EN)}
}

// classValues are what flows may say about a class.
func (a *actions) classValues(c *programme.Class, now time.Time) []dialogs.Answer {
	return []dialogs.Answer{
		text("class", c.ID), both("class_title", c.Title), both("class_when", a.when(c)), text("class_venue", c.Venue),
		both("class_seats_left", a.seatsLeft(c)), both("class_content", c.Content),
	}
}

func (a *actions) seatsLeft(c *programme.Class) dialogs.Text {
	switch left := c.Left(); {
	case left <= 0:
		return a.words("class.seats.full")
	case left == 1:
		return a.words("class.seats.one")
	default:
		return a.words("class.seats.left", "{n}", fmt.Sprint(left))
	}
}

// when words the sessions of a class: "thứ Năm, 10/12/2026, 8:00–16:30".
func (a *actions) when(c *programme.Class) dialogs.Text {
	in := func(lang dialogs.Lang) string {
		var parts []string
		for _, s := range c.Sessions {
			from, to := s.Starts.In(a.b.cfg.Timezone), s.Ends.In(a.b.cfg.Timezone)
			dash := "–"
			if lang == dialogs.English {
				dash = " – " // between times of two words each
			}
			day := dialogs.ShowDay(from, lang) + ", " + dialogs.ShowClock(from, lang) + dash + dialogs.ShowClock(to, lang)
			if from.YearDay() != to.YearDay() || from.Year() != to.Year() {
				day = dialogs.ShowDay(from, lang) + ", " + dialogs.ShowClock(from, lang) + " – " + dialogs.ShowDay(to, lang) + ", " + dialogs.ShowClock(to, lang)
			}
			parts = append(parts, day)
		}
		return strings.Join(parts, "; ")
	}
	return dialogs.Text{VI: in(dialogs.Vietnamese), EN: in(dialogs.English)}
}

// moment words an instant: "8:00 thứ Năm, 10/12/2026".
func (a *actions) moment(at time.Time) dialogs.Text {
	at = at.In(a.b.cfg.Timezone)
	in := func(lang dialogs.Lang) string { return dialogs.ShowClock(at, lang) + " " + dialogs.ShowDay(at, lang) }
	return dialogs.Text{VI: in(dialogs.Vietnamese), EN: in(dialogs.English)}
}

// classLabel names a class on a button.
func (a *actions) classLabel(c *programme.Class, _ time.Time) dialogs.Text {
	at := c.Starts().In(a.b.cfg.Timezone)
	return dialogs.Text{
		VI: at.Format("2/1") + " · " + c.Title.VI,
		EN: at.Format("2 Jan") + " · " + c.Title.In(dialogs.English),
	}
}

// registrationLabel names a registration on a button.
func (a *actions) registrationLabel(t *turn, r *programme.Registration) (dialogs.Text, error) {
	c, _, err := t.tx.Class(r.Class)
	if err != nil {
		return dialogs.Text{}, err
	}
	label := a.classLabel(&c, t.now)
	if r.Colleague {
		label.VI, label.EN = r.Name+" · "+label.VI, r.Name+" · "+label.EN
	}
	return label, nil
}

// registrationValues are what flows may say about a registration.
func (a *actions) registrationValues(r *programme.Registration) []dialogs.Answer {
	values := []dialogs.Answer{text("registration", r.ID), text("code", bare(r.ID)), text("attendee", r.Name)}
	if !r.HoldUntil.IsZero() {
		values = append(values, both("hold_until", a.moment(r.HoldUntil)))
	}
	return values
}

// reminderWords lists which reminders are still to come: "3 ngày, 1 ngày và 2 giờ".
func (a *actions) reminderWords(c *programme.Class, now time.Time) dialogs.Text {
	var words []dialogs.Text
	for _, r := range programme.Reminders(c, now) {
		words = append(words, a.words("reminder."+strings.TrimPrefix(r.Key, "-")))
	}
	switch len(words) {
	case 0:
		return dialogs.Text{}
	case 1:
		return words[0]
	}
	join := func(lang dialogs.Lang) string {
		key, pairs := "reminder.two", []string{"{a}", words[0].In(lang), "{b}", words[1].In(lang)}
		if len(words) > 2 {
			key, pairs = "reminder.three", append(pairs, "{c}", words[2].In(lang))
		}
		return a.words(key, pairs...).In(lang)
	}
	return dialogs.Text{VI: join(dialogs.Vietnamese), EN: join(dialogs.English)}
}

// calendar is the calendar file of a registration: one event a session.
func (a *actions) calendar(c *programme.Class, r *programme.Registration) ([]byte, error) {
	var events []documents.CalendarEvent
	for i, s := range c.Sessions {
		events = append(events, documents.CalendarEvent{
			UID: fmt.Sprintf("%s-%d@sachhon", strings.ToLower(r.ID), i+1), Summary: c.Title.VI, Location: c.Venue,
			Description: r.ID, Starts: s.Starts, Ends: s.Ends, Sequence: c.Sequence,
			Cancelled: c.State == programme.StateCancelled || r.Status == programme.Cancelled,
		})
	}
	return documents.Calendar("sachhon", r.Changed, events)
}

// makeMedia makes the bytes of media that is not kept.
func (a *actions) makeMedia(tx Tx, ref string) ([]byte, error) {
	if id, ok := strings.CutPrefix(ref, refCalendar); ok {
		r, found, err := tx.Registration(id)
		if err != nil || !found {
			return nil, errNoMedia
		}
		c, found, err := tx.Class(r.Class)
		if err != nil || !found {
			return nil, errNoMedia
		}
		return a.calendar(&c, &r)
	}
	if id, ok := strings.CutPrefix(ref, refCopy); ok {
		return a.copyOf(tx, id)
	}
	if rest, ok := strings.CutPrefix(ref, refLeaflet); ok {
		id, lang, _ := strings.Cut(rest, ":") // the version after them tells uploads apart
		return a.leafletFile(id, dialogs.ParseLang(lang))
	}
	return nil, errNoMedia
}
