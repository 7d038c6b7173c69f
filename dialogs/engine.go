package dialogs

import (
	"strconv"
	"strings"
	"time"

	"github.com/expr-lang/expr/vm"

	"sachhon/dialogs/answer"
)

// Guards: passing one ends the talk politely, never the program. The numbers
// are far above what honest content and honest people reach.
const (
	maxSteps   = 100  // nodes visited in one turn
	maxDepth   = 8    // calls within calls
	maxTyped   = 4000 // runes read of one message
	maxAnswer  = 1000 // runes of one free-text answer
	maxAnswers = 250  // answers in one talk
	maxParked  = 3    // talks left half-way
)

// IdleAfter is how long a person may be silent before the bot reminds them
// where they were instead of taking the next words as the answer.
const IdleAfter = 12 * time.Hour

// Engine plays flows.
type Engine struct {
	lib   *Library
	trace func(flow, node, way string)
}

// NewEngine returns an engine over lib.
func NewEngine(lib *Library) *Engine { return &Engine{lib: lib} }

// Library returns what the engine plays.
func (e *Engine) Library() *Library { return e.lib }

// Traced returns an engine that tells note each way taken out of a node: the
// choice, the outcome or the case. It serves to find the ways no test tried.
func (e *Engine) Traced(note func(flow, node, way string)) *Engine {
	return &Engine{lib: e.lib, trace: note}
}

// Turn moves the conversation on by one input and returns what followed. It
// changes s and c and nothing else. When the last event is a [Wanted], the
// caller carries the action out and goes on with [Engine.Resume].
func (e *Engine) Turn(s *Session, c *Contact, in Input, now time.Time) []Event {
	t := turn{e: e, lib: e.lib, s: s, c: c, now: now, events: make([]Event, 0, 4)}
	if !t.settle() || s.Talk.State != Acting && isCommand(in) {
		t.hear(in)
	}
	if in.Kind == InputWake {
		return t.events // what has nothing to say any more stays silent
	}
	s.Seen = now
	t.close()
	return t.events
}

// Resume goes on after an action with what it came to.
func (e *Engine) Resume(s *Session, c *Contact, out Outcome, now time.Time) []Event {
	t := turn{e: e, lib: e.lib, s: s, c: c, now: now, events: make([]Event, 0, 4)}
	st := t.step()
	if st == nil || s.Talk.State != Acting {
		t.trouble("an outcome came that nothing waits for")
		t.fallBack()
		return t.events
	}
	talk := &s.Talk
	talk.State = Asking
	for _, v := range out.Values {
		t.put(v.Node, v.Value)
	}
	talk.Options, talk.Media, talk.Page, talk.Query = out.Options, out.Media, 0, ""
	t.put(st.Key, Value{Kind: ResultValue, Text: out.Result})
	t.noteWay(st, out.Result)
	if next, ok := st.On[out.Result]; ok {
		t.goTo(next)
	} else {
		t.after(st)
	}
	t.close()
	return t.events
}

// isCommand says whether the input names a command outright.
func isCommand(in Input) bool {
	return in.Kind == InputText && strings.HasPrefix(in.Text, "/") || in.Kind == InputPress && strings.HasPrefix(in.Button, "/")
}

// turn is one step under way.
type turn struct {
	e      *Engine
	lib    *Library
	s      *Session
	c      *Contact
	now    time.Time
	events []Event
	steps  int
	typed  string         // what the person wrote, for wordings
	env    map[string]any // of conditions; nil: to be made
	held   []outcomeOf    // conditions evaluated over env
	vm     vm.VM
}

func (t *turn) lang() Lang { return t.c.Speaks() }

func (t *turn) emit(e Event) { t.events = append(t.events, e) }

// put keeps a value that the person did not give.
func (t *turn) put(key string, v Value) {
	t.s.Talk.set(key, v, true)
	t.changed()
}

// step returns the node at which the talk waits; nil when nothing goes on.
func (t *turn) step() *step {
	f := t.lib.flows[t.s.Talk.Flow]
	if f == nil {
		return nil
	}
	return f.nodes[t.s.Talk.Node]
}

func (t *turn) noteWay(st *step, way string) {
	if t.e.trace != nil {
		t.e.trace(st.flow.Key, st.Key, way)
	}
}

// at waits at st, with nothing left over from where the talk was before.
func (t *turn) at(st *step, state State) {
	talk := &t.s.Talk
	talk.Node, talk.State = st.Key, state
	talk.Wrong, talk.Page, talk.Query, talk.Held = 0, 0, "", nil
}

// rest waits at st in the state in which one waits at such a node.
func (t *turn) rest(st *step) {
	switch st.Kind {
	case FormNode:
		t.s.Talk.State = Summing
	case WaitNode:
		t.s.Talk.State = Sleeping
	default:
		t.s.Talk.State = Asking
	}
}

// trouble records a fault of the content.
func (t *turn) trouble(what string) {
	t.emit(Troubled{Flow: t.s.Talk.Flow, Node: t.s.Talk.Node, What: what})
}

// close makes sure that the turn said something and left a valid session.
func (t *turn) close() {
	if t.s.Talk.State == Acting || t.spoke() {
		return
	}
	t.again()
	if !t.spoke() && t.s.Talk.State != Acting {
		t.fallBack()
	}
}

func (t *turn) spoke() bool {
	for _, e := range t.events {
		if _, ok := e.(Said); ok {
			return true
		}
	}
	return false
}

// fallBack is the last resort: whatever went on ends and the way to the menu
// is shown.
func (t *turn) fallBack() {
	if !t.s.Idle() {
		t.end(Stopped)
	}
	t.sayKey("stopped.guard", t.commandButton("menu"))
}

// hear takes one input.
func (t *turn) hear(in Input) {
	switch in.Kind {
	case InputText:
		text, cut := clip(answer.Clean(in.Text), maxTyped)
		if cut {
			t.sayKey("typed.toolong")
			t.again()
			return
		}
		if text == "" {
			t.hearNothing()
			return
		}
		t.typed = text
		t.hearText(text)
	case InputPress:
		t.hearPress(in.Button)
	case InputPhone:
		t.hearPhone(in.Text)
	case InputFile:
		t.hearFile(in.File)
	case InputWake:
		t.hearWake(in)
	default:
		t.sayKey("heard.other")
		t.again()
	}
}

// hearNothing answers an empty message: what is waited for is put again.
func (t *turn) hearNothing() {
	if t.s.Idle() {
		t.command(t.lib.command("menu"), "")
		return
	}
	t.again()
}

// hearPress takes a pressed button by its ID.
func (t *turn) hearPress(id string) {
	if strings.HasPrefix(id, "/") {
		t.hearSlash(id)
		return
	}
	run, rest, ok := strings.Cut(id, ".")
	node, key, ok2 := strings.Cut(rest, ".")
	n, err := strconv.ParseUint(run, 36, 32)
	if !ok || !ok2 || err != nil {
		if t.typed, _ = clip(answer.Clean(id), maxTyped); t.typed == "" {
			t.hearNothing()
			return
		}
		t.hearText(t.typed)
		return
	}
	t.pressed(uint32(n), node, key)
}

func (t *turn) pressed(run uint32, node, key string) {
	talk := &t.s.Talk
	if talk.Run != run {
		for i := range t.s.Parked {
			if p := &t.s.Parked[i]; p.Run == run && p.Node == node {
				if !t.unpark(i) {
					t.pressed(run, node, key)
				}
				return
			}
		}
		t.sayKey("button.old")
		t.again()
		return
	}
	st := t.step()
	if st == nil || st.Key != node && !contains(st.Was, node) {
		t.pressedPast(node, key)
		return
	}
	if talk.State == Returning && key != keyGo && key != keyRestart && key != keyCancel {
		t.rest(st)
	}
	t.choose(st, key)
}

// pressedPast answers a button of a question that was answered before: twice
// the same press is taken as the double tap it is.
func (t *turn) pressedPast(node, key string) {
	if before := t.s.Talk.Answer(node); before.Text == key && before.Kind == ChoiceValue {
		f := t.lib.flows[t.s.Talk.Flow]
		if st := f.nodes[node]; st != nil {
			t.sayWith("button.twice", "answer", t.show(st, before, t.lang()))
			t.again()
			return
		}
	}
	t.sayKey("button.old")
	t.again()
}

func (t *turn) longAway() bool {
	return !t.s.Seen.IsZero() && t.now.Sub(t.s.Seen) > IdleAfter && !t.s.Talk.Done
}

// clip cuts s to at most n runes and says whether it had to.
func clip(s string, n int) (string, bool) {
	if len(s) <= n {
		return s, false
	}
	count := 0
	for i := range s {
		if count == n {
			return s[:i], true
		}
		count++
	}
	return s, false
}
