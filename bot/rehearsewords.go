package bot

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"sachhon/bot/documents"
	"sachhon/dialogs"
	"sachhon/scheduler"
	"sachhon/scheduler/rehearsal"
)

// say fills a wording in the language of the one who asked.
func (r *rehearsing) say(key string, pairs ...string) string {
	return r.turns.desk.words(key, pairs...).In(r.spec.Lang)
}

func (r *rehearsing) count(n int) string {
	return dialogs.Show(dialogs.NumberOf(float64(n), ""), r.spec.Lang)
}

func (r *rehearsing) moment(at time.Time) string { return r.turns.desk.moment(at).In(r.spec.Lang) }

func (r *rehearsing) reason(why scheduler.Reason) string { return r.say("reason." + string(why)) }

// mostHolds is how many times of waiting are told one by one.
const mostHolds = 5

// words say what a rehearsal found, a line each.
func (r *rehearsing) words(v *RehearsalView) []string {
	rep := &v.Report
	people := "rehearse.people"
	if r.spec.Invented > 0 {
		people = "rehearse.invented"
	}
	list := []string{v.Title,
		r.say(people, "{n}", r.count(r.people), "{a}", r.say("rehearse.faults."+string(r.faults))),
		r.say("rehearse.total", "{n}", r.count(rep.Total), "{a}", r.count(rep.Sent), "{b}", r.count(rep.Skipped), "{c}", r.count(rep.Failed))}
	if rep.Outside > 0 {
		list = append(list, r.say("rehearse.outside", "{n}", r.count(rep.Outside)))
	}
	if rep.Sent == 0 {
		list = append(list, r.say("rehearse.nobody"))
	} else {
		most := rep.Busiest(r.cfg.Timezone)
		list = append(list,
			r.say("rehearse.when", "{a}", r.moment(rep.First), "{b}", r.moment(rep.Median), "{c}", r.moment(rep.Last)),
			r.say("rehearse.takes", "{a}", r.long(rep.Last.Sub(rep.First))),
			r.say("rehearse.busiest", "{a}", r.moment(most.At), "{n}", r.count(most.Sent)))
	}
	list = append(list, r.becauses("rehearse.skipped", rep.SkippedFor)...)
	list = append(list, r.becauses("rehearse.failed", rep.FailedFor)...)
	list = append(list, r.becauses("rehearse.later", rep.LaterFor)...)
	list = append(list, r.holds(rep)...)
	for _, l := range rep.Lines {
		list = append(list, r.lineWords(&l))
	}
	if rep.Repeated > 0 {
		list = append(list, r.say("rehearse.repeated", "{n}", r.count(rep.Repeated)))
	}
	if rep.TipsOut > 0 {
		list = append(list, r.say("rehearse.tips_out", "{n}", r.count(rep.TipsOut)))
	}
	return append(list, r.kept(rep), r.say("rehearse.nothing"))
}

// kept says that nothing leaves when it may not, or that something did.
func (r *rehearsing) kept(rep *rehearsal.Report) string {
	if rep.OutsideHours > 0 {
		return r.say("rehearse.broken", "{n}", r.count(rep.OutsideHours))
	}
	if rep.Nights == 0 && len(rep.QuietDays) == 0 {
		return r.say("rehearse.kept_day")
	}
	return r.say("rehearse.kept", "{a}", r.count(rep.Nights), "{b}", r.count(len(rep.QuietDays)))
}

// becauses are lines of counts by reason, the largest first.
func (r *rehearsing) becauses(key string, by map[scheduler.Reason]int) (list []string) {
	order := slices.SortedFunc(maps.Keys(by), func(a, b scheduler.Reason) int { return cmp.Or(cmp.Compare(by[b], by[a]), cmp.Compare(a, b)) })
	for _, why := range order {
		list = append(list, r.say(key, "{n}", r.count(by[why]), "{a}", r.reason(why)))
	}
	return list
}

func (r *rehearsing) holds(rep *rehearsal.Report) (list []string) {
	for i, h := range rep.Holds {
		if i == mostHolds {
			return append(list, r.say("rehearse.more", "{n}", r.count(len(rep.Holds)-mostHolds)))
		}
		list = append(list, r.say("rehearse.held", "{a}", r.moment(h.From), "{b}", r.moment(h.Until), "{c}", r.reason(h.Reason), "{n}", r.count(h.Waiting)))
	}
	return list
}

func (r *rehearsing) lineWords(l *rehearsal.LineReport) string {
	key := "rehearse.line"
	switch {
	case l.Most == 0:
		key = "rehearse.pull"
	case l.Refused > 0:
		key = "rehearse.waits"
	}
	return r.say(key, "{a}", l.Name, "{n}", r.count(l.Sent), "{b}", r.count(l.Refused), "{time}", r.long(l.Waited), "{max}", r.count(l.Most))
}

// long words a duration to the minute, a short one to the second.
func (r *rehearsing) long(d time.Duration) string {
	if d < time.Minute {
		return r.say("rehearse.seconds", "{n}", r.count(int(d.Round(time.Second).Seconds())))
	}
	d = d.Round(time.Minute)
	var parts []string
	for _, part := range []struct {
		key  string
		unit time.Duration
	}{{"rehearse.days", 24 * time.Hour}, {"rehearse.hours", time.Hour}, {"rehearse.minutes", time.Minute}} {
		if n := d / part.unit; n > 0 {
			parts = append(parts, r.say(part.key, "{n}", r.count(int(n))))
			d -= n * part.unit
		}
	}
	return strings.Join(parts, " ")
}

// file makes the picture, the sheet or the JSON that was asked for.
func (r *rehearsing) file(v *RehearsalView) ([]byte, error) {
	switch r.spec.Format {
	case "":
		return nil, nil
	case "png":
		return r.picture(v)
	case "xlsx":
		var out bytes.Buffer
		err := r.sheet(v).WriteXLSX(&out)
		v.Report.Rows = nil // the sheet has them
		return out.Bytes(), err
	case "json":
		raw, err := json.MarshalIndent(v, "", "  ")
		v.Report.Rows = nil
		return append(raw, '\n'), err
	}
	return nil, badRequest{fmt.Errorf("no file of the kind %q is made; name one that ends in .png, .xlsx or .json", r.spec.Format)}
}

// mostBars is how many hours a picture shows one by one; of a longer time it
// shows days.
const mostBars = 72

// picture draws how many messages arrive in every hour, or every day.
func (r *rehearsing) picture(v *RehearsalView) ([]byte, error) {
	c := documents.Chart{Agency: r.cfg.Centre.Name, Title: v.Title, Subtitle: r.say("rehearse.by_hour"), Number: r.count,
		Notes: []string{v.Words[1], v.Words[2], r.kept(&v.Report)}}
	for _, h := range v.Hours {
		c.Bars = append(c.Bars, documents.Bar{Group: h.At.Format("2/1"), Label: h.At.Format("15"), Value: h.Sent})
	}
	if len(c.Bars) > mostBars {
		c.Bars, c.Subtitle = r.days(v), r.say("rehearse.by_day")
	}
	return r.turns.desk.press.Chart(c)
}

// days are the bars of every day from the first to the last.
func (r *rehearsing) days(v *RehearsalView) (bars []documents.Bar) {
	first := v.Hours[0].At
	day := func(at time.Time) int { // since the first; noon is noon in every zone
		noon := func(t time.Time) time.Time { return time.Date(t.Year(), t.Month(), t.Day(), 12, 0, 0, 0, time.UTC) }
		return int(noon(at).Sub(noon(first)).Hours() / 24)
	}
	for _, h := range v.Hours {
		for len(bars) <= day(h.At) {
			on := first.AddDate(0, 0, len(bars))
			bars = append(bars, documents.Bar{Group: on.Format("1/2006"), Label: on.Format("2")})
		}
		bars[len(bars)-1].Value += h.Sent
	}
	return bars
}

// sheet lists who gets what and when, and why not.
func (r *rehearsing) sheet(v *RehearsalView) documents.Table {
	column := func(key string, kind documents.Kind, width float64) documents.Column {
		return documents.Column{Key: key, Title: r.say("rehearse.column." + key), Kind: kind, Width: width}
	}
	t := r.table(strings.ToUpper(v.Title), []documents.Column{column("contact", documents.Text, 20), column("channel", documents.Text, 11),
		column("language", documents.Text, 10), column("key", documents.Text, 26), column("state", documents.Text, 14),
		column("at", documents.DateTime, 18), column("why", documents.Text, 46)})
	t.Subtitle = v.Words[2]
	if v.Report.Unkept > 0 {
		t.Subtitle += " " + r.say("rehearse.unkept", "{n}", r.count(v.Report.Unkept))
	}
	for _, row := range v.Report.Rows {
		why := ""
		if row.Reason != "" {
			why = r.reason(row.Reason)
		}
		t.Rows = append(t.Rows, []any{row.Contact, row.Channel, row.Lang, row.Key, r.say("rehearse.state." + row.State), row.At, why})
	}
	return t
}
