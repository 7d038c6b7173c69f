package scheduler

import "time"

// PushKind says how freely a message may be sent that nobody waits for at that
// moment. The zero kind is the strictest.
type PushKind uint8

// The kinds of pushes.
const (
	// Promotion is all that a person did not ask for by an act of their own:
	// tips, invitations, leaflets, news.
	Promotion PushKind = iota
	// Service is what follows from something asked for: a reminder of one's
	// class, a freed seat, an answer.
	Service
	// Urgent is a service that cannot wait for the morning: a change of a class
	// that is about to begin.
	Urgent
)

// urgentBefore is how soon a class must begin for its change to be urgent.
const urgentBefore = 12 * time.Hour

// ChangeKind returns how a change of a class that starts then is told: at any
// hour when it is less than twelve hours away, else by day.
func ChangeKind(starts, now time.Time) PushKind {
	if starts.Sub(now) <= urgentBefore {
		return Urgent
	}
	return Service
}

// String returns the kind as records and the API write it.
func (k PushKind) String() string {
	switch k {
	case Promotion:
		return "promotion"
	case Service:
		return "service"
	default:
		return "urgent"
	}
}

// Hours is a part of the day in minutes after midnight: From belongs to it, To
// does not.
type Hours struct{ From, To int }

func (h Hours) has(clock int) bool { return clock >= h.From*60 && clock < h.To*60 }

// Wait returns how long it is from a minute of a day until the hours begin; zero
// within them.
func (h Hours) Wait(minute int) time.Duration {
	if h.has(minute * 60) {
		return 0
	}
	const day = 24 * 60
	return time.Duration((h.From-minute+day)%day) * time.Minute
}

// Windows says at which times a push may leave. It is a value to copy; the
// zero Windows cannot be used, since it knows no days.
type Windows struct {
	Days *Days
	// Service is when services may leave, on every day; Promotion when
	// promotion may, on working days that are not quiet.
	Service, Promotion Hours
}

// HouseWindows returns the windows of the house: services from 7:00 to 22:00
// (Decree 91/2020, kept for every message nobody asked for), promotion from
// 8:00 to 20:00 on working days.
func HouseWindows(d *Days) Windows {
	return Windows{Days: d, Service: Hours{7 * 60, 22 * 60}, Promotion: Hours{8 * 60, 20 * 60}}
}

// Open says whether a push of this kind may leave at t.
func (w Windows) Open(k PushKind, t time.Time) bool {
	on, clock := DateIn(w.Days.zone, t)
	return w.dayOpen(k, on) && w.hoursOpen(k, clock)
}

func (w Windows) dayOpen(k PushKind, on Date) bool {
	return k != Promotion || w.Days.at(on).kind == WorkingDay
}

func (w Windows) hoursOpen(k PushKind, clock int) bool {
	return k == Urgent || w.hours(k).has(clock)
}

func (w Windows) hours(k PushKind) Hours {
	if k == Promotion {
		return w.Promotion
	}
	return w.Service
}

// Closes returns when the hours end of which t is one, in which a push of this
// kind may leave; the zero time for a kind that may leave at any.
func (w Windows) Closes(k PushKind, t time.Time) time.Time {
	if k == Urgent {
		return time.Time{}
	}
	on, _ := DateIn(w.Days.zone, t)
	return on.At(w.hours(k).To, w.Days.zone)
}

// furthest is how many days ahead Next looks. The longest quiet time of a year
// is three weeks.
const furthest = 366

// Next returns the earliest time from t on at which a push of this kind may
// leave; the zero time when a table of days off leaves none within a year.
func (w Windows) Next(k PushKind, t time.Time) time.Time {
	if w.Open(k, t) {
		return t
	}
	on, clock := DateIn(w.Days.zone, t)
	h := w.hours(k)
	if clock >= h.From*60 {
		on++ // today's opening is past
	}
	for range furthest {
		if at := on.At(h.From, w.Days.zone); w.Open(k, at) {
			return at
		}
		on++
	}
	return time.Time{}
}
