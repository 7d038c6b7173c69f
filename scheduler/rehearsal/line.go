package rehearsal

import (
	"slices"
	"time"

	"sachhon/scheduler"
)

// What the outbox does by itself: how many sendings are in flight, how many
// seconds' worth are handed over ahead, after how many sendings without word a
// message is given up, and the waits between tries of a network that is away.
const (
	parallel     = 8
	secondsAhead = 2
	mostUnsure   = 4
	firstWait    = 2 * time.Second
	longestWait  = 30 * time.Second
)

// line is one channel at work.
type line struct {
	*play
	Line
	index    int32
	net      *network
	pacer    *scheduler.Pacer
	adaptive *scheduler.Adaptive
	hold     time.Time         // nothing begins before, since the network is away
	tries    int               // in a row that found it away
	due      [kinds]heap[task] // still to be handed over
	queue    []handed          // handed over, the next one first
	task     task              // the one that is decided about
	flights  [parallel]flight
	flying   int
	recent   []begun // within the least time between two messages to one chat
	next     int64   // when there is something to do; 0: nothing
	asked    int64   // the time that an event was made for last
	held     [kinds]time.Time
}

// handed is a task that was handed over.
type handed struct {
	task
	at time.Time
}

type flight struct {
	handed
	Sending
	index  int32 // its own
	place  int
	answer answer
	used   bool
}

type begun struct {
	person int32
	at     time.Time
}

func newLine(p *play, index int32, of *Line) *line {
	l := &line{play: p, Line: *of, index: index, net: newNetwork(of.Network, p.Rand, p.windows.Days.Zone()), pacer: scheduler.NewPacer(of.Pace)}
	for i := range l.flights {
		l.flights[i].index = int32(i)
	}
	if of.Pace.PerSecond > 0 {
		l.adaptive = scheduler.NewAdaptive(of.Pace.PerSecond)
	}
	return l
}

// work does what can be done now and sees to it that it is called again.
func (l *line) work() {
	l.next = 0
	l.takeBack()
	l.feed()
	l.send()
	l.again()
}

// look makes work be called at a time, if it would not be before.
func (l *line) look(at time.Time) {
	if at.Before(l.now) {
		at = l.now
	}
	n := at.UnixNano()
	if l.next != 0 && n >= l.next {
		return
	}
	l.next = n
	if n != l.asked || !at.After(l.now) {
		l.asked = n
		l.happen(at, l.index, 0, toWork)
	}
}

// takeBack takes out of the outbox what the clock forbids to leave.
func (l *line) takeBack() {
	if l.isOpen(scheduler.Promotion) && l.isOpen(scheduler.Service) {
		return
	}
	kept := l.queue[:0]
	for i := range l.queue {
		h := &l.queue[i]
		if l.isOpen(h.kind) {
			kept = append(kept, *h)
			continue
		}
		l.script.takenBack(&h.task, h.at)
		l.due[h.kind].push(h.task)
	}
	l.queue = kept
}

// feed hands over what is due, while there is room.
func (l *line) feed() {
	now := l.now.UnixNano()
	for kind := kinds - 1; kind >= 0; kind-- { // what is urgent first
		if due := &l.due[kind]; l.isOpen(scheduler.PushKind(kind)) {
			for len(*due) > 0 && (*due)[0].at <= now && l.room() {
				l.task = due.pop()
				l.decide(&l.task)
			}
		}
	}
}

func (l *line) room() bool {
	return l.Pull || len(l.queue) < max(secondsAhead*l.Pace.PerSecond, parallel)
}

// decide holds a task against the rules and does what they say.
func (l *line) decide(t *task) {
	switch v := l.script.decide(t, l.now); v.Outcome {
	case scheduler.Send:
		l.script.handed(t, l.now)
		if l.Pull {
			l.settle(t, End{State: scheduler.Got, At: l.now})
			return
		}
		l.queue = append(l.queue, handed{*t, l.now})
	case scheduler.Postpone:
		l.tally.later(v.Reason)
		if !v.Until.After(l.now) {
			v.Until = l.now.Add(time.Second)
		}
		l.due[t.kind].push(withTime(*t, v.Until))
	default:
		l.settle(t, End{State: scheduler.Skipped, Reason: v.Reason, At: l.now})
	}
}

func (l *line) settle(t *task, end End) {
	l.tally.settle(l.play, int(l.index), t, end)
	l.script.settled(t, end)
}

// send begins what may begin now.
func (l *line) send() {
	for len(l.queue) > 0 && l.flying < parallel && !l.free().After(l.now) {
		i := l.pick()
		if i < 0 {
			return
		}
		f := &l.flights[slices.IndexFunc(l.flights[:], func(f flight) bool { return !f.used })]
		f.handed = l.queue[i]
		l.queue = slices.Delete(l.queue, i, i+1)
		if push := l.script.push(&f.task); !push.Expires.IsZero() && !l.now.Before(push.Expires) {
			l.script.takenBack(&f.task, f.at)
			l.settle(&f.task, End{State: scheduler.Failed, Reason: scheduler.Expired, At: l.now})
			continue
		}
		l.begin(f)
	}
}

// free is when the next sending may begin.
func (l *line) free() time.Time {
	at := l.pacer.Next()
	if l.hold.After(at) {
		at = l.hold
	}
	if l.adaptive == nil {
		return at
	}
	if learnt := l.adaptive.Next(l.now); learnt.After(at) {
		at = learnt
	}
	return at
}

// pick is the first in the queue whose chat may be written to; -1: none.
func (l *line) pick() int {
	if l.Pace.PerAddress <= 0 {
		return 0
	}
	l.recent = slices.DeleteFunc(l.recent, func(b begun) bool { return l.now.Sub(b.at) >= l.Pace.PerAddress })
	for i := range l.queue {
		if !slices.ContainsFunc(l.recent, func(b begun) bool { return b.person == l.queue[i].person }) && !l.isFlying(l.queue[i].person) {
			return i
		}
	}
	return -1
}

func (l *line) isFlying(person int32) bool {
	return slices.ContainsFunc(l.flights[:], func(f flight) bool { return f.used && f.person == person })
}

func (l *line) begin(f *flight) {
	push := l.script.push(&f.task)
	if !l.windows.Open(push.Kind, l.now) {
		l.tally.outside++
	}
	takes := l.net.Answer.draw(l.Rand)
	f.used, f.place = true, l.pacer.Began(l.now)
	f.Sending = Sending{Line: l.Name, Person: int(f.person), Kind: push.Kind, Key: push.Key, Topic: push.Topic, Expires: push.Expires,
		Began: l.now, Ended: l.now.Add(takes)}
	l.flying++
	if l.adaptive != nil {
		l.adaptive.Began(l.now)
	}
	if l.Pace.PerAddress > 0 {
		l.recent = append(l.recent, begun{f.person, l.now})
	}
	l.happen(l.now.Add(takes*6/10), l.index, f.index, toArrive) // the way there is the longer part: the network works on it
}

// arrive is when a sending is with the network.
func (l *line) arrive(i int32) {
	f := &l.flights[i]
	f.answer, f.Wait = l.net.hear(l.now, l.script.shut(&f.task))
	if f.answer != lost {
		f.Arrived = l.now
	}
	f.Taken, f.Refused = f.answer == took, f.answer == limited || f.answer == overQuota
	l.happen(f.Ended, l.index, i, toAnswer)
}

// hear is when a sending is answered.
func (l *line) hear(i int32) {
	f := &l.flights[i]
	f.used = false
	l.flying--
	l.pacer.Ended(f.place, f.Began, f.Ended)
	if l.Watch != nil {
		l.Watch(f.Sending)
	}
	h := &f.handed
	if f.answer != lost && l.net.unreachable(l.now) {
		l.away(h, f.answer == took)
		return
	}
	switch f.answer {
	case lost:
		l.away(h, false)
		return
	case limited, overQuota:
		l.refused(h, f)
	case blocked:
		l.settle(&h.task, End{State: scheduler.Failed, Reason: scheduler.BlockedChannel, At: l.now})
	case took:
		if l.adaptive != nil {
			l.adaptive.Took(l.now)
		}
		l.settle(&h.task, End{State: scheduler.Got, At: l.now, Repeated: h.has})
	}
	l.tries = 0
}

// refused waits as asked; the message keeps its turn.
func (l *line) refused(h *handed, f *flight) {
	l.tally.refuse(int(l.index), l.now, f.Wait)
	until := l.now.Add(f.Wait)
	if l.adaptive != nil && f.answer == limited { // a quota says nothing of the rate
		l.adaptive.Refused(l.now, f.Wait)
	}
	l.pacer.CloseUntil(until)
	l.queue = slices.Insert(l.queue, 0, *h)
}

// away waits for a network that does not answer, longer each time. arrived says
// that the person has the message all the same.
func (l *line) away(h *handed, arrived bool) {
	l.tries++
	l.tally.lines[l.index].Away++
	l.hold = l.now.Add(min(firstWait<<min(l.tries-1, 4), longestWait))
	if arrived {
		h.has = true
		h.unsure++
	}
	if h.unsure >= mostUnsure {
		l.settle(&h.task, End{State: scheduler.Failed, Reason: scheduler.ForUnclear, At: l.now})
		return
	}
	l.queue = slices.Insert(l.queue, 0, *h)
}

// again sees to it that work is called when there is something to do.
func (l *line) again() {
	if len(l.queue) > 0 && l.flying < parallel {
		at := l.free()
		if !at.After(l.now) { // it is the chats that are not free
			at = l.chatFree()
		}
		l.look(at)
	}
	for kind := range kinds {
		l.lookAtDue(scheduler.PushKind(kind))
	}
}

func (l *line) chatFree() time.Time {
	at := l.now.Add(time.Second)
	for _, b := range l.recent {
		if free := b.at.Add(l.Pace.PerAddress); free.After(l.now) && free.Before(at) {
			at = free
		}
	}
	return at
}

// lookAtDue waits for the next task of a kind, or for its window to open.
func (l *line) lookAtDue(kind scheduler.PushKind) {
	due := l.due[kind]
	if len(due) == 0 {
		return
	}
	at := time.Unix(0, due[0].at)
	if at.After(l.now) {
		l.look(at)
		return
	}
	if l.isOpen(kind) {
		if len(l.queue) == 0 && l.room() {
			l.look(l.now)
		}
		return // there is no room, and work is called when there is
	}
	why, until := l.Gate.Closed(kind, l.now)
	if until.IsZero() {
		l.giveUp(kind, why)
		return
	}
	if !l.held[kind].Equal(until) {
		l.held[kind] = until
		l.tally.closed(Hold{From: l.now, Until: until, Reason: why, Waiting: l.waiting(kind)})
	}
	l.look(until)
}

// waiting is how many of a kind are due and held back.
func (l *line) waiting(kind scheduler.PushKind) int {
	n, now := 0, l.now.UnixNano()
	for i := range l.due[kind] {
		if l.due[kind][i].at <= now {
			n++
		}
	}
	return n
}

// giveUp drops what no time would ever do for.
func (l *line) giveUp(kind scheduler.PushKind, why scheduler.Reason) {
	for len(l.due[kind]) > 0 {
		t := l.due[kind].pop()
		l.settle(&t, End{State: scheduler.Skipped, Reason: why, At: l.now})
	}
}
