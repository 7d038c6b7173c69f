package dialogs

import (
	"fmt"
	"time"

	"sachhon/dialogs/wire"
)

// SessionLife is how long a talk is kept after the last thing that was said.
const SessionLife = 30 * 24 * time.Hour

// Session is where one contact's conversation stands. The zero Session is a
// person who was never talked with.
type Session struct {
	// Talk is what is going on; its Flow is empty when nothing is.
	Talk Talk
	// Parked are talks left for another one, the latest last.
	Parked []Talk
	// Runs counts the talks ever begun; it makes the buttons of one talk
	// different from those of the next.
	Runs uint32
	// Seen is when the person last said something; zero: never.
	Seen time.Time
	// Offers are the buttons of pushed messages, so that their labels can be
	// typed too. Key is the command that the button sends.
	Offers []Option
}

// Talk is one flow under way.
type Talk struct {
	Flow   string
	Hash   Hash
	Run    uint32
	Node   string // where it waits
	State  State
	Frames []Frame // callers, the outermost first
	// Answers in the order in which they were first given.
	Answers []Answer
	// Options are what an action offered for the question waited at.
	Options []Option
	// Held are readings of the last answer that wait for a yes.
	Held  []Value
	Wrong uint8 // answers in a row that did not fit
	Page  uint8 // of a long list of choices
	Query string
	Media []Media // goes out with the next message
	// Done marks a talk whose work is finished and that only offers what next.
	Done bool
	// Nudged marks a talk that asked for its one reminder.
	Nudged bool
	// Started is when the talk began.
	Started time.Time
}

// State says what a talk waits for at its node.
type State uint8

// The states. The numbers are stored: never renumber.
const (
	// Asking waits for the answer to the question of the node.
	Asking State = 0
	// Doubting waits for a word on Held.
	Doubting State = 1
	// Summing waits for the confirmation of a form.
	Summing State = 2
	// Choosing waits for which line of a form to change.
	Choosing State = 3
	// Returning waits for whether to go on after a long time.
	Returning State = 4
	// Acting waits for the outcome of an action; never stored by a committer
	// that resumes within the turn.
	Acting State = 5
	// Sleeping waits for a time.
	Sleeping State = 6
)

// Frame is a flow that called another and where it goes on.
type Frame struct{ Flow, Node string }

// Answer is one value of a talk under the key of the node that asked for it,
// or of the action that put it there.
type Answer struct {
	Node  string
	Value Value
	// Auto marks what the person did not say in this talk: a known fact, or
	// what an action put here.
	Auto bool
}

// Answer returns the value under key; the zero Value when there is none.
func (t *Talk) Answer(key string) Value {
	if i := t.find(key); i >= 0 {
		return t.Answers[i].Value
	}
	return Value{}
}

func (t *Talk) find(key string) int {
	for i := range t.Answers {
		if t.Answers[i].Node == key {
			return i
		}
	}
	return -1
}

// set keeps v under key and returns what was there.
func (t *Talk) set(key string, v Value, auto bool) (before Value) {
	if i := t.find(key); i >= 0 {
		before = t.Answers[i].Value
		t.Answers[i].Value, t.Answers[i].Auto = v, auto
		return before
	}
	t.Answers = append(t.Answers, Answer{key, v, auto})
	return Value{}
}

func (t *Talk) drop(key string) {
	if i := t.find(key); i >= 0 {
		t.Answers = append(t.Answers[:i], t.Answers[i+1:]...)
	}
}

// Idle says whether nothing is going on.
func (s *Session) Idle() bool { return s.Talk.Flow == "" }

const sessionVersion = 1

// AppendBinary appends the stored form of s to b.
func (s *Session) AppendBinary(b []byte) ([]byte, error) {
	b = append(b, sessionVersion)
	b = wire.AppendUint(b, uint64(s.Runs))
	b = appendTime(b, s.Seen)
	b = appendTalk(b, &s.Talk)
	b = wire.AppendUint(b, uint64(len(s.Parked)))
	for i := range s.Parked {
		b = appendTalk(b, &s.Parked[i])
	}
	return appendOptions(b, s.Offers), nil
}

// UnmarshalBinary reads what AppendBinary wrote, into an empty s.
func (s *Session) UnmarshalBinary(data []byte) error {
	r, _ := wire.NewReader(data, sessionVersion)
	s.Runs = uint32(r.Uint())
	s.Seen = readTime(r)
	readTalk(r, &s.Talk)
	if n := r.Count(1); n > 0 {
		s.Parked = make([]Talk, n)
		for i := range s.Parked {
			readTalk(r, &s.Parked[i])
		}
	}
	s.Offers = readOptions(r)
	if err := r.Err(); err != nil {
		return fmt.Errorf("read session: %w", err)
	}
	return nil
}

func appendTalk(b []byte, t *Talk) []byte {
	b = wire.AppendString(b, t.Flow)
	if t.Flow == "" {
		return b
	}
	b = wire.AppendUint(b, uint64(t.Hash))
	b = wire.AppendUint(b, uint64(t.Run))
	b = wire.AppendString(b, t.Node)
	b = append(b, byte(t.State), t.Wrong, t.Page)
	b = append(b, byte(flag(t.Done))|byte(flag(t.Nudged))<<1)
	b = appendTime(b, t.Started)
	b = wire.AppendUint(b, uint64(len(t.Frames)))
	for _, f := range t.Frames {
		b = wire.AppendString(wire.AppendString(b, f.Flow), f.Node)
	}
	b = wire.AppendUint(b, uint64(len(t.Answers)))
	for i := range t.Answers {
		a := &t.Answers[i]
		b = wire.AppendString(b, a.Node)
		b = wire.AppendBool(b, a.Auto)
		b = AppendValue(b, a.Value)
	}
	b = appendOptions(b, t.Options)
	b = wire.AppendUint(b, uint64(len(t.Held)))
	for _, v := range t.Held {
		b = AppendValue(b, v)
	}
	b = wire.AppendString(b, t.Query)
	return AppendMedia(b, t.Media)
}

func readTalk(r *wire.Reader, t *Talk) {
	t.Flow = r.String()
	if t.Flow == "" {
		return
	}
	t.Hash = Hash(r.Uint())
	t.Run = uint32(r.Uint())
	t.Node = r.String()
	t.State, t.Wrong, t.Page = State(r.Byte()), r.Byte(), r.Byte()
	flags := r.Byte()
	t.Done, t.Nudged = flags&1 != 0, flags&2 != 0
	t.Started = readTime(r)
	if n := r.Count(2); n > 0 {
		t.Frames = make([]Frame, n, n+1)
		for i := range t.Frames {
			t.Frames[i] = Frame{r.String(), r.String()}
		}
	}
	if n := r.Count(3); n > 0 {
		t.Answers = make([]Answer, n, n+2)
		for i := range t.Answers {
			t.Answers[i].Node = r.String()
			t.Answers[i].Auto = r.Bool()
			t.Answers[i].Value = ReadValue(r)
		}
	}
	t.Options = readOptions(r)
	if n := r.Count(1); n > 0 {
		t.Held = make([]Value, n)
		for i := range t.Held {
			t.Held[i] = ReadValue(r)
		}
	}
	t.Query = r.String()
	t.Media = ReadMedia(r)
}

func appendOptions(b []byte, opts []Option) []byte {
	b = wire.AppendUint(b, uint64(len(opts)))
	for _, o := range opts {
		b = wire.AppendString(b, o.Key)
		b = wire.AppendString(b, o.Label.VI)
		b = wire.AppendString(b, o.Label.EN)
	}
	return b
}

func readOptions(r *wire.Reader) []Option {
	n := r.Count(3)
	if n == 0 {
		return nil
	}
	opts := make([]Option, n)
	for i := range opts {
		opts[i] = Option{Key: r.String(), Label: Text{VI: r.String(), EN: r.String()}}
	}
	return opts
}
