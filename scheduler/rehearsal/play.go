package rehearsal

import (
	"errors"
	"math/rand/v2"
	"time"

	"sachhon/scheduler"
)

// Stage is what a rehearsal is played on.
type Stage struct {
	Gate  *scheduler.Gate
	From  time.Time
	Lines []Line
	Rand  *rand.Rand
	// Keep is of how many recipients the report says what became of each; 0: of
	// nobody.
	Keep int
	// Watch is told of every sending when it is over; nil: nobody is.
	Watch func(Sending)
	// Stop is asked now and then whether to give up; nil: never.
	Stop func() bool
}

// Sending is one message on its way to one person.
type Sending struct {
	Line         string
	Person       int // as they were added, from 0
	Kind         scheduler.PushKind
	Key, Topic   string
	Expires      time.Time
	Began, Ended time.Time
	// Arrived is when the network heard of it; zero: never.
	Arrived time.Time
	// Taken says that the person has it, Refused that the network wants to be
	// left alone for Wait.
	Taken, Refused bool
	Wait           time.Duration
}

// ErrStopped means that the rehearsal was given up as asked.
var ErrStopped = errors.New("the rehearsal was stopped")

// script is what is played: whom the tasks are for and what they say.
type script interface {
	// push returns what a task says; it is valid until the next call.
	push(t *task) *scheduler.Push
	// decide holds a task against what depends on the moment.
	decide(t *task, now time.Time) scheduler.Verdict
	// handed and takenBack note that a message is under way, or no longer.
	handed(t *task, now time.Time)
	takenBack(t *task, at time.Time)
	// shut says whether the person has blocked the bot.
	shut(t *task) bool
	// settled tells the end of a task.
	settled(t *task, end End)
	// person describes a person for the report.
	person(t *task) (contact, lang string)
}

// task is one message that somebody is to get.
type task struct {
	at     int64 // when it is due, Unix nanoseconds
	seq    uint32
	person int32
	what   int32 // the script's own
	kind   scheduler.PushKind
	unsure uint8 // sendings without word of their outcome
	has    bool  // and the person has it already
}

func (a task) before(b task) bool { return a.at < b.at || a.at == b.at && a.seq < b.seq }

// event is something that happens on a line.
type event struct {
	at     int64
	seq    uint32
	line   int32
	flight int32 // of arrivals and answers
	what   happening
}

func (a event) before(b event) bool { return a.at < b.at || a.at == b.at && a.seq < b.seq }

type happening uint8

const (
	toWork happening = iota
	toArrive
	toAnswer
)

// play is a rehearsal under way.
type play struct {
	*Stage
	script  script
	windows scheduler.Windows
	lines   []*line
	events  heap[event]
	seq     uint32
	now     time.Time
	running bool
	tally   tally
	minute  int64 // of open
	open    [kinds]bool
}

// kinds is how many kinds of pushes there are.
const kinds = int(scheduler.Urgent) + 1

func newPlay(s *Stage, from time.Time, what script) *play {
	p := &play{Stage: s, script: what, windows: s.Gate.Windows(), now: from, minute: -1}
	for i := range s.Lines {
		p.lines = append(p.lines, newLine(p, int32(i), &s.Lines[i]))
	}
	p.tally = newTally(s, len(p.lines))
	return p
}

// add puts a task on the line by which its person is reached.
func (p *play) add(line int, at time.Time, t task) {
	t.seq = p.seq
	p.seq++
	p.lines[line].due[t.kind].push(withTime(t, at))
	if p.running {
		p.lines[line].look(at)
	}
}

func withTime(t task, at time.Time) task { t.at = at.UnixNano(); return t }

func (p *play) happen(at time.Time, line, flight int32, what happening) {
	p.events.push(event{at: at.UnixNano(), seq: p.seq, line: line, flight: flight, what: what})
	p.seq++
}

// askEvery is after how many events Stop is asked.
const askEvery = 4096

// run plays until nothing is left to do.
func (p *play) run() error {
	p.running = true
	for _, l := range p.lines {
		l.work()
	}
	for n := 0; len(p.events) > 0; n++ {
		if n%askEvery == 0 && p.Stop != nil && p.Stop() {
			return ErrStopped
		}
		e := p.events.pop()
		p.now = time.Unix(0, e.at)
		l := p.lines[e.line]
		switch e.what {
		case toArrive:
			l.arrive(e.flight)
			continue
		case toAnswer:
			l.hear(e.flight)
		case toWork:
			if e.at != l.next {
				continue // it was put forward
			}
		}
		l.work()
	}
	return nil
}

// isOpen says whether pushes of a kind may leave now. Windows open and close at
// whole minutes.
func (p *play) isOpen(k scheduler.PushKind) bool {
	if m := p.now.Unix() / 60; m != p.minute {
		p.minute = m
		for kind := range kinds {
			p.open[kind] = p.windows.Open(scheduler.PushKind(kind), p.now)
		}
	}
	return p.open[k]
}
