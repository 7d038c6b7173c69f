package rehearsal

import (
	"cmp"
	"slices"
	"time"

	"sachhon/scheduler"
)

// End is what became of one message to one person.
type End struct {
	State    scheduler.RecipientState // Got, Failed or Skipped
	Reason   scheduler.Reason
	At       time.Time
	Repeated bool // the person may have it more than once
}

// Report is what a rehearsal found. Total = Sent + Failed + Skipped.
type Report struct {
	// Outside are those whom nothing was meant for.
	Outside int `json:"outside"`
	Total   int `json:"total"`
	Sent    int `json:"sent"`
	Failed  int `json:"failed"`
	Skipped int `json:"skipped"`
	// Repeated is how many of Sent came more than once, since the network was
	// cut off before it could say that it took them.
	Repeated   int                      `json:"repeated"`
	SkippedFor map[scheduler.Reason]int `json:"skipped_by_reason"`
	FailedFor  map[scheduler.Reason]int `json:"failed_by_reason"`
	// LaterFor counts how often somebody was set aside until later.
	LaterFor map[scheduler.Reason]int `json:"later_by_reason"`
	// First, Median and Last are when messages arrived, the median to the minute;
	// zero when none did.
	First  time.Time `json:"first,omitzero"`
	Median time.Time `json:"median,omitzero"`
	Last   time.Time `json:"last,omitzero"`
	// Minutes are those in which messages arrived, in the order of time.
	Minutes []Minute     `json:"minutes"`
	Lines   []LineReport `json:"channels"`
	// Holds are the times at which the clock held messages back.
	Holds []Hold `json:"held"`
	// OutsideHours is how many sendings began when none may; it must be 0.
	OutsideHours int `json:"outside_hours"`
	// QuietDays are the days between first and last without promotion, nights
	// the nights.
	QuietDays []time.Time `json:"quiet_days"`
	Nights    int         `json:"nights"`
	// TipsOut is how often somebody had had every tip there is when the next one
	// was to be chosen.
	TipsOut int `json:"tips_out,omitempty"`
	// Rows say what became of each, as far as they were kept; Unkept is how many
	// were not.
	Rows   []Row `json:"recipients,omitempty"`
	Unkept int   `json:"recipients_left_out,omitempty"`
}

// Minute is how many messages arrived in one minute.
type Minute struct {
	At   time.Time `json:"at"`
	Sent int       `json:"sent"`
}

// LineReport is what happened on one channel.
type LineReport struct {
	Name    string `json:"name"`
	Total   int    `json:"total"`
	Sent    int    `json:"sent"`
	Failed  int    `json:"failed"`
	Skipped int    `json:"skipped"`
	// Refused is how often the network asked for a wait, Waited how long it had
	// one wait, Longest the longest.
	Refused int           `json:"refused"`
	Waited  time.Duration `json:"waited_ns"`
	Longest time.Duration `json:"longest_wait_ns"`
	// Away is how many sendings found the network away.
	Away int `json:"away"`
	// Most is the most that arrived at the network in any sliding second.
	Most int `json:"most_in_a_second"`
}

// Hold is a time for which the clock held back so many.
type Hold struct {
	From    time.Time        `json:"from"`
	Until   time.Time        `json:"until"`
	Reason  scheduler.Reason `json:"reason"`
	Waiting int              `json:"waiting"`
}

// Row is what became of one message to one person.
type Row struct {
	Contact  string           `json:"contact"`
	Channel  string           `json:"channel"`
	Lang     string           `json:"language"`
	Key      string           `json:"key,omitempty"` // of campaigns
	State    string           `json:"state"`
	Reason   scheduler.Reason `json:"reason,omitempty"`
	At       time.Time        `json:"at"`
	Repeated bool             `json:"repeated,omitempty"`
}

// tally counts while a rehearsal is played.
type tally struct {
	Report
	lines    []LineReport
	closedTo []time.Time // until when each network is left alone
	minutes  map[int64]int
	outside  int
	keep     int
}

func newTally(s *Stage, lines int) tally {
	t := tally{lines: make([]LineReport, lines), closedTo: make([]time.Time, lines), minutes: map[int64]int{}, keep: s.Keep}
	t.SkippedFor, t.FailedFor, t.LaterFor = map[scheduler.Reason]int{}, map[scheduler.Reason]int{}, map[scheduler.Reason]int{}
	for i := range t.lines {
		t.lines[i].Name = s.Lines[i].Name
	}
	return t
}

// settle counts the end of a task; line -1: the person has no channel.
func (t *tally) settle(p *play, line int, of *task, end End) {
	if end.Reason == scheduler.NotInSegment {
		t.Outside++
		return
	}
	none := LineReport{}
	l := &none
	if line >= 0 {
		l = &t.lines[line]
	}
	t.Total++
	l.Total++
	switch end.State {
	case scheduler.Got:
		t.Sent++
		l.Sent++
		if end.Repeated {
			t.Repeated++
		}
		t.arrived(end.At)
	case scheduler.Failed:
		t.Failed++
		l.Failed++
		t.FailedFor[end.Reason]++
	default:
		t.Skipped++
		l.Skipped++
		t.SkippedFor[end.Reason]++
	}
	if len(t.Rows) >= t.keep {
		if t.keep > 0 {
			t.Unkept++
		}
		return
	}
	contact, lang := p.script.person(of)
	t.Rows = append(t.Rows, Row{Contact: contact, Channel: l.Name, Lang: lang, Key: p.script.push(of).Key,
		State: end.State.String(), Reason: end.Reason, At: end.At, Repeated: end.Repeated})
}

func (t *tally) arrived(at time.Time) {
	if t.First.IsZero() || at.Before(t.First) {
		t.First = at
	}
	if at.After(t.Last) {
		t.Last = at
	}
	t.minutes[at.Unix()/60]++
}

func (t *tally) later(why scheduler.Reason) { t.LaterFor[why]++ }

// refuse counts a request to wait; those that overlap are waited for once.
func (t *tally) refuse(line int, now time.Time, wait time.Duration) {
	l, until := &t.lines[line], now.Add(wait)
	l.Refused++
	l.Longest = max(l.Longest, wait)
	from := now
	if t.closedTo[line].After(from) {
		from = t.closedTo[line]
	}
	if until.After(from) {
		l.Waited += until.Sub(from)
		t.closedTo[line] = until
	}
}

// closed notes that the clock began to hold messages back. The channels of one
// broadcast are held back together.
func (t *tally) closed(h Hold) {
	if h.Waiting == 0 {
		return
	}
	for i := range t.Holds {
		if t.Holds[i].Until.Equal(h.Until) && t.Holds[i].Reason == h.Reason {
			t.Holds[i].Waiting += h.Waiting
			return
		}
	}
	t.Holds = append(t.Holds, h)
}

// report makes the report of what was counted.
func (p *play) report() Report {
	t := &p.tally
	r := t.Report
	r.OutsideHours, r.Minutes = t.outside, make([]Minute, 0, len(t.minutes))
	for at, n := range t.minutes {
		r.Minutes = append(r.Minutes, Minute{time.Unix(at*60, 0).In(p.windows.Days.Zone()), n})
	}
	slices.SortFunc(r.Minutes, func(a, b Minute) int { return a.At.Compare(b.At) })
	slices.SortFunc(r.Holds, func(a, b Hold) int { return a.From.Compare(b.From) })
	slices.SortStableFunc(r.Rows, func(a, b Row) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Contact, b.Contact)) })
	half := 0
	for _, m := range r.Minutes {
		if half += m.Sent; 2*half >= r.Sent {
			r.Median = m.At
			if r.First.After(r.Median) { // the minute began before anything came
				r.Median = r.First
			}
			break
		}
	}
	for i, l := range p.lines {
		t.lines[i].Most = l.net.arrived.most
		if t.lines[i].Total > 0 {
			r.Lines = append(r.Lines, t.lines[i])
		}
	}
	p.kept(&r)
	return r
}

// kept lists the nights and days without promotion that lie between the first
// and the last message.
func (p *play) kept(r *Report) {
	if r.Sent == 0 {
		return
	}
	zone := p.windows.Days.Zone()
	first, _ := scheduler.DateIn(zone, r.First)
	last, _ := scheduler.DateIn(zone, r.Last)
	r.Nights = int(last - first)
	for on := first; on <= last; on++ {
		if noon := on.At(12*60, zone); p.windows.Days.Quiet(noon) {
			r.QuietDays = append(r.QuietDays, noon)
		}
	}
}

// Hour is how many messages arrived in one hour.
type Hour struct {
	At   time.Time `json:"at"`
	Sent int       `json:"sent"`
}

// Hours returns the hours in which messages arrived, in zone and in the order of
// time.
func (r *Report) Hours(zone *time.Location) []Hour {
	var list []Hour
	for _, m := range r.Minutes {
		at := m.At.In(zone)
		at = time.Date(at.Year(), at.Month(), at.Day(), at.Hour(), 0, 0, 0, zone)
		if len(list) == 0 || !list[len(list)-1].At.Equal(at) {
			list = append(list, Hour{At: at})
		}
		list[len(list)-1].Sent += m.Sent
	}
	return list
}

// Busiest returns the hour in which most arrived; the zero Hour when none did.
func (r *Report) Busiest(zone *time.Location) (most Hour) {
	for _, h := range r.Hours(zone) {
		if h.Sent > most.Sent {
			most = h
		}
	}
	return most
}
