package bot

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"sachhon/content"
	"sachhon/dialogs"
)

// What is known of a contact about tips. factSector is a key of subjects.yaml,
// factDay a time.Weekday from Monday to Friday, factHour the hour of the day
// from 8 to 19, factState weeklyOn or weeklyPaused; without a state nothing is
// subscribed. factVotes are the tips commented on, “+t01” or “-t05”.
const (
	factSector = "tips_sector"
	factDay    = "tips_day"
	factHour   = "tips_hour"
	factState  = "tips_state"
	factVotes  = "tips_votes"

	weeklyOn     = "on"
	weeklyPaused = "paused"
)

// weekly is a subscription to a tip a week.
type weekly struct {
	Sector string
	Day    time.Weekday
	Hour   int
	Paused bool
}

// weeklyOf reads what the contact subscribed to; false when nothing, or when
// promotion was refused since.
func weeklyOf(c *dialogs.Contact) (weekly, bool) {
	state := c.Fact(factState).Text
	w := weekly{Sector: c.Fact(factSector).Text, Day: time.Weekday(c.Fact(factDay).Num), Hour: int(c.Fact(factHour).Num), Paused: state == weeklyPaused}
	return w, state != "" && c.OptedOut.IsZero()
}

// keep writes the subscription down.
func (w weekly) keep(c *dialogs.Contact) {
	state := weeklyOn
	if w.Paused {
		state = weeklyPaused
	}
	c.Learn(factSector, dialogs.ChoiceOf(w.Sector))
	c.Learn(factDay, dialogs.NumberOf(float64(w.Day), ""))
	c.Learn(factHour, dialogs.NumberOf(float64(w.Hour), ""))
	c.Learn(factState, dialogs.ChoiceOf(state))
}

// forgetWeekly forgets the subscription: what is not needed is not kept.
func forgetWeekly(c *dialogs.Contact) {
	for _, key := range []string{factSector, factDay, factHour, factState} {
		c.Learn(key, dialogs.Value{})
	}
}

// next is the first moment of the subscription after now, in now's zone.
// Days off are left to [scheduler.NextTipJob].
func (w weekly) next(now time.Time) time.Time {
	at := time.Date(now.Year(), now.Month(), now.Day(), w.Hour, 0, 0, 0, now.Location())
	at = at.AddDate(0, 0, (int(w.Day)-int(at.Weekday())+7)%7)
	if !at.After(now) {
		at = at.AddDate(0, 0, 7)
	}
	return at
}

// slotDays are the days of a slot's key.
var slotDays = map[string]time.Weekday{"mon": time.Monday, "tue": time.Tuesday, "wed": time.Wednesday, "thu": time.Thursday, "fri": time.Friday}

// Tips go out on working days between these hours (the rule of the house that
// follows NĐ 91/2020).
const firstHour, lastHour = 8, 19

// parseSlot reads “tue_8”.
func parseSlot(slot string) (day time.Weekday, hour int, err error) {
	name, rest, _ := strings.Cut(slot, "_")
	day, ok := slotDays[name]
	hour, err = strconv.Atoi(rest)
	if !ok || err != nil || hour < firstHour || hour > lastHour {
		return 0, 0, fmt.Errorf("read slot %q: want a working day and an hour from %d to %d, such as tue_8", slot, firstHour, lastHour)
	}
	return day, hour, nil
}

func (a *actions) weeklyShow(t *turn, _ map[string]string) (dialogs.Outcome, error) {
	w, ok := weeklyOf(&t.contact)
	switch {
	case !t.contact.OptedOut.IsZero():
		return outcome("refused"), nil
	case !ok:
		return outcome("none"), nil
	case w.Paused:
		return outcome("paused", a.weeklyValues(w, w.next(t.local()))), nil
	default:
		return a.weeklyPlanned(t, w, "active")
	}
}

func (a *actions) weeklySave(t *turn, args map[string]string) (dialogs.Outcome, error) {
	day, hour, err := parseSlot(args["slot"])
	if err != nil {
		return dialogs.Outcome{}, err
	}
	if _, ok := content.SubjectIn(a.articles().Subjects().Sectors, args["sector"]); !ok {
		return dialogs.Outcome{}, fmt.Errorf("save weekly tips: no sector %q in subjects.yaml", args["sector"])
	}
	w := weekly{Sector: args["sector"], Day: day, Hour: hour}
	w.keep(&t.contact)
	return a.weeklyPlanned(t, w, "ok")
}

func (a *actions) weeklyPause(t *turn, _ map[string]string) (dialogs.Outcome, error) {
	w, ok := weeklyOf(&t.contact)
	if !ok {
		return outcome("gone"), nil
	}
	w.Paused = true
	w.keep(&t.contact)
	_, err := t.planTip()
	return outcome("ok"), errors.Join(err, t.withdraw())
}

func (a *actions) weeklyResume(t *turn, _ map[string]string) (dialogs.Outcome, error) {
	w, ok := weeklyOf(&t.contact)
	if !ok {
		return outcome("gone"), nil
	}
	w.Paused = false
	w.keep(&t.contact)
	return a.weeklyPlanned(t, w, "ok")
}

// weeklyLeave ends the subscription and withdraws what was agreed to, with
// evidence.
func (a *actions) weeklyLeave(t *turn, _ map[string]string) (dialogs.Outcome, error) {
	_, ok := weeklyOf(&t.contact)
	forgetWeekly(&t.contact)
	if t.contact.Agreed(dialogs.PurposeTips, 0) {
		t.contact.Consents = append(t.contact.Consents, dialogs.Consent{Purpose: dialogs.PurposeTips, At: t.now,
			Channel: t.at.Channel, Lang: t.contact.Speaks()})
	}
	if _, err := t.planTip(); err != nil {
		return dialogs.Outcome{}, err
	}
	if err := t.withdraw(); err != nil {
		return dialogs.Outcome{}, err
	}
	if !ok {
		return outcome("gone"), nil
	}
	return outcome("ok"), nil
}

// weeklyPlanned plans the next tip of a subscription that was kept and words it:
// with the result going, or finished when the person had every tip there is.
func (a *actions) weeklyPlanned(t *turn, w weekly, going string) (dialogs.Outcome, error) {
	next, err := t.planTip()
	if err != nil {
		return dialogs.Outcome{}, err
	}
	if next.IsZero() {
		next = w.next(t.local())
	}
	tip, _, _, err := t.nextTip(w)
	if tip == "" {
		going = "finished"
	}
	return outcome(going, a.weeklyValues(w, next)), err
}

// local is the time of the turn as people read it.
func (t *turn) local() time.Time { return t.now.In(t.desk.b.cfg.Timezone) }

// weeklyValues word a subscription whose next tip comes at next.
func (a *actions) weeklyValues(w weekly, next time.Time) []dialogs.Answer {
	next = next.In(a.b.cfg.Timezone)
	in := func(lang dialogs.Lang, key string) string {
		day := dialogs.ShowDay(next, lang)
		if key == "weekly.when" {
			day, _, _ = strings.Cut(day, ",") // “thứ Ba” of “thứ Ba, 1/12/2026”
			if lang == dialogs.English {
				day = w.Day.String()
			}
		}
		return strings.NewReplacer("{a}", day, "{b}", dialogs.ShowClock(next, lang)).Replace(a.lib().Text(key).In(lang))
	}
	sector, _ := content.SubjectIn(a.articles().Subjects().Sectors, w.Sector)
	return []dialogs.Answer{both("weekly_sector", sector.Name),
		value("weekly_when", dialogs.BothOf(in(dialogs.Vietnamese, "weekly.when"), in(dialogs.English, "weekly.when"))),
		value("weekly_first", dialogs.BothOf(in(dialogs.Vietnamese, "weekly.first"), in(dialogs.English, "weekly.first")))}
}

// tipsKept words what is kept of a contact about tips, a line each; labels are
// keys of texts.
func (a *actions) tipsKept(c *dialogs.Contact, lang dialogs.Lang, add func(label, words string)) {
	if w, ok := weeklyOf(c); ok {
		sector, _ := content.SubjectIn(a.articles().Subjects().Sectors, w.Sector)
		words := sector.Name.In(lang)
		for _, v := range a.weeklyValues(w, w.next(time.Time{}.In(a.b.cfg.Timezone))) {
			if v.Node == "weekly_when" {
				words += ", " + dialogs.Show(v.Value, lang)
			}
		}
		if w.Paused {
			words += " (" + a.lib().Text("privacy.tips_paused").In(lang) + ")"
		}
		add("privacy.tips", words)
	}
	if n := len(c.Fact(factVotes).Keys()); n > 0 {
		add("privacy.votes", strconv.Itoa(n))
	}
}

// tipsFacts says whether a fact is worded by tipsKept.
func tipsFacts(key string) bool {
	return slices.Contains([]string{factSector, factDay, factHour, factState, factVotes}, key)
}
