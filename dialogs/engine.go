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
	maxSteps   = 100   // nodes visited in one turn
	maxDepth   = 8     // calls within calls
	maxTyped   = 4000  // runes read of one message
	maxAnswer  = 1000  // runes of one free-text answer
	maxAnswers = 250   // answers in one talk
	maxParked  = 3     // talks left half-way
	maxSession = 16384 // bytes of a stored session, roughly
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

// hearText understands typed words: what is being asked comes first, except
// that an open question gives way to a command said in full.
func (t *turn) hearText(text string) {
	if strings.HasPrefix(text, "/") {
		t.hearSlash(text)
		return
	}
	st := t.step()
	if t.s.Idle() || st == nil {
		t.hearIdle(text)
		return
	}
	list, menu := t.choices()
	if menu != nil {
		pick := menu.Pick(text)
		if pick.Index >= 0 && t.takes(st, pick.How, text) {
			t.choose(st, list[pick.Index].Key)
			return
		}
	}
	if t.hearYesNo(st, text) {
		return
	}
	if cmd := t.heardCommand(text, st); cmd != nil {
		t.command(cmd, "")
		return
	}
	if offer, ok := t.heardOffer(text); ok {
		t.hearSlash(offer)
		return
	}
	if t.s.Talk.State == Asking && t.longAway() && !t.clearlyAnswers(st, text) {
		t.s.Talk.State = Returning
		t.again()
		return
	}
	t.hearAnswer(st, text, menu, list)
}

// takes says whether a hit in the menu of an open question is meant as the
// choice: a number typed at a question for a number is the number.
func (t *turn) takes(st *step, how answer.How, text string) bool {
	if t.s.Talk.State != Asking || st.Question == nil || choosy(st.Question) {
		return true
	}
	switch st.Question.Type {
	case TypeInteger, TypeDecimal, TypeDate, TypePhone, TypeTaxCode:
		return how != answer.HowNumber && how != answer.HowPrefix
	default:
		return how != answer.HowPrefix && how != answer.HowNumber
	}
}

// choosy says whether a question is answered from what is offered.
func choosy(q *Question) bool {
	return q.Type == TypeChoice || q.Type == TypeChoices || q.Type == TypeYesNo || q.Type == TypePlace
}

// strict says whether words that fit the question can hardly mean anything else.
func strict(q *Question) bool {
	if q == nil {
		return false
	}
	switch q.Type {
	case TypeText, TypeName:
		return false
	default:
		return true
	}
}

// clearlyAnswers says whether words typed after a long time can only be meant
// as the answer: a phone number is one, a greeting at a question for a name is not.
func (t *turn) clearlyAnswers(st *step, text string) bool {
	if !strict(st.Question) || st.Question.Type == TypeFile || choosy(st.Question) {
		return false
	}
	values, problem := read(st.Question, text, t.now)
	return len(values) == 1 && problem == ""
}

// heardCommand returns the command the words say in full, if they do. At a
// question for a name or free text a bare unaccented word may as well be the
// answer ("Huy", "Dung" are names), so there it must bear its marks or come
// with others.
func (t *turn) heardCommand(text string, st *step) *Command {
	pick := t.lib.words.Pick(text)
	if pick.Index < 0 || pick.How == answer.HowNumber || pick.How == answer.HowPrefix {
		return nil
	}
	open := st != nil && t.s.Talk.State == Asking && st.Question != nil && !strict(st.Question)
	if open && !strings.Contains(answer.Polite(text), " ") && !answer.Marked(text) && !asciiWord(t.lib, pick.Index, text) {
		return nil
	}
	return &t.lib.commands[t.lib.wordOf[pick.Index]]
}

// asciiWord says whether text is itself a word of the command that needs no
// marks, such as "menu", "stop" or "cancel".
func asciiWord(l *Library, at int, text string) bool {
	for _, w := range l.commands[l.wordOf[at]].Words {
		if strings.EqualFold(w, text) {
			return true
		}
	}
	return false
}

// heardOffer returns the command of a pushed button whose label was typed.
func (t *turn) heardOffer(text string) (string, bool) {
	if len(t.s.Offers) == 0 {
		return "", false
	}
	choices := make([]answer.Choice, len(t.s.Offers))
	for i, o := range t.s.Offers {
		choices[i] = answer.Choice{Labels: []string{o.Label.VI, o.Label.EN}}
	}
	pick := answer.NewMenu(choices).Pick(text)
	if pick.Index < 0 || pick.How == answer.HowNumber || pick.How == answer.HowPrefix {
		return "", false
	}
	return t.s.Offers[pick.Index].Key, true
}

// hearIdle understands words while nothing goes on.
func (t *turn) hearIdle(text string) {
	if cmd := t.heardCommand(text, nil); cmd != nil {
		t.command(cmd, "")
		return
	}
	if offer, ok := t.heardOffer(text); ok {
		t.hearSlash(offer)
		return
	}
	pick := t.lib.words.Pick(text)
	near := pick.Close
	if pick.Index >= 0 {
		near = []int{pick.Index}
	}
	if len(near) == 0 || pick.How == answer.HowNumber {
		t.sayKey("idle.unknown")
		t.command(t.lib.command("menu"), "")
		return
	}
	var buttons []Button
	for _, i := range near {
		cmd := &t.lib.commands[t.lib.wordOf[i]]
		buttons = append(buttons, Button{ID: "/" + cmd.Names[0], Label: cmd.Label.In(t.lang())})
	}
	t.sayKey("idle.close", append(buttons, t.commandButton("menu"))...)
}

// hearSlash runs a command written with its slash.
func (t *turn) hearSlash(text string) {
	name, rest, _ := strings.Cut(strings.TrimPrefix(text, "/"), " ")
	name, _, _ = strings.Cut(name, "@")
	key := strings.ReplaceAll(answer.Fold(name), " ", "")
	if i, ok := t.lib.names[key]; ok {
		t.command(&t.lib.commands[i], strings.TrimSpace(rest))
		return
	}
	t.sayKey("command.unknown", t.commandButton("menu"), t.commandButton("help"))
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
