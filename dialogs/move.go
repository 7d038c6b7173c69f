package dialogs

import (
	"strings"
	"time"
)

// accept keeps an answer and goes on.
func (t *turn) accept(st *step, v Value) {
	talk := &t.s.Talk
	if len(talk.Answers) >= maxAnswers || len(v.Text) > 4*maxAnswer {
		t.fallBack()
		return
	}
	before := talk.set(st.Key, v, false)
	t.changed()
	talk.Wrong, talk.Page, talk.Query, talk.Options, talk.Held = 0, 0, "", nil, nil
	t.emit(Answered{Flow: st.flow.Key, Node: st.Key, Value: v, Before: before})
	t.learn(st, v)
	t.agree(st, v)
	t.noteWay(st, v.way())
	if st.form != nil {
		t.fill(st.form)
		return
	}
	if i := st.Question.choice(v.Text); v.Kind == ChoiceValue && i >= 0 && st.Question.Choices[i].Next != "" {
		t.goTo(st.Question.Choices[i].Next)
		return
	}
	t.after(st)
}

// way names the value as a way out of a node.
func (v Value) way() string {
	switch v.Kind {
	case ChoiceValue, ResultValue:
		return v.Text
	case UnknownValue:
		return keyUnknown
	case NotApplicableValue:
		return keyNA
	case SkippedValue:
		return keySkip
	case YesNoValue:
		if v.Num != 0 {
			return "yes"
		}
		return "no"
	default:
		return "*"
	}
}

// learn keeps what is worth knowing of the contact beyond this talk.
func (t *turn) learn(st *step, v Value) {
	q := st.Question
	if q.Known == "" || !v.Given() || !t.holds(q.KnownWhen, nil) || t.c.Fact(q.Known) == v {
		return
	}
	t.c.Learn(q.Known, v)
	t.changed()
	t.emit(Learned{Key: q.Known, Value: v})
}

// agree records the decision of a question of consent: its first choice, or a
// yes, agrees.
func (t *turn) agree(st *step, v Value) {
	if st.Consent == "" || !v.Given() {
		return
	}
	given := v.Kind == YesNoValue && v.Num != 0 ||
		v.Kind == ChoiceValue && len(st.Question.Choices) > 0 && v.Text == st.Question.Choices[0].Key
	if v.Kind == ChoiceValue && !given && !isRefusal(v.Text) {
		return // neither yes nor no, such as "show me more"
	}
	if given && st.Consent == PurposeTips && !t.c.OptedOut.IsZero() {
		t.c.OptedOut = time.Time{} // promotion refused before is asked for again, in so many words
		t.emit(Refused{Promotion: false})
	}
	t.decide(st.Consent, given, st.version)
}

// decide keeps the evidence of a decision.
func (t *turn) decide(purpose string, given bool, version uint64) {
	t.c.Consents = append(t.c.Consents, Consent{Purpose: purpose, Given: given, At: t.now, Version: version, Lang: t.lang()})
	t.changed()
	t.emit(Consented{Purpose: purpose, Given: given, Version: version})
}

// isRefusal says whether a choice of a consent question means no.
func isRefusal(key string) bool { return key == "no" || strings.HasPrefix(key, "no_") }

// after goes to the node that follows st.
func (t *turn) after(st *step) {
	switch {
	case st == nil:
		t.fallBack()
	case st.Next != "":
		t.goTo(st.Next)
	case st.next != nil:
		t.enter(st.next)
	default:
		t.leave()
	}
}

// goTo goes to a node of the flow by its key, or runs a command.
func (t *turn) goTo(key string) {
	if strings.HasPrefix(key, "/") {
		key = t.fillRaw(key)
		if f := t.lib.flows[t.s.Talk.Flow]; f != nil && f.Transient {
			t.end(Completed)
		}
		t.hearSlash(key)
		return
	}
	f := t.lib.flows[t.s.Talk.Flow]
	if f == nil || f.nodes[key] == nil {
		t.trouble("no node " + key)
		t.fallBack()
		return
	}
	t.enter(f.nodes[key])
}

// enter arrives at a node and does what it is for. Nodes that wait for nobody
// lead on; maxSteps stops a circle of them.
func (t *turn) enter(st *step) {
	if t.steps++; t.steps > maxSteps {
		t.trouble("more than 100 steps in one turn")
		t.fallBack()
		return
	}
	t.at(st, Asking)
	if !t.holds(st.Relevant, nil) {
		t.noteWay(st, "passed")
		t.after(st)
		return
	}
	switch st.Kind {
	case SayNode:
		t.sayText(st.Text)
		t.noteWay(st, "said")
		t.after(st)
	case AskNode:
		t.enterAsk(st)
	case FormNode:
		t.fill(st)
	case BranchNode:
		t.branch(st)
	case DoNode:
		t.s.Talk.State = Acting
		t.emit(Wanted{Action: st.Do, Flow: st.flow.Key, Node: st.Key, Args: t.args(st)})
	case CallNode:
		t.call(st)
	case HandOverNode:
		t.handOver(st)
	case WaitNode:
		t.s.Talk.State = Sleeping
		t.sayText(st.Text)
		t.emit(Waits{For: WakeWait, Until: t.now.Add(st.Wait), Run: t.s.Talk.Run})
	case EndNode:
		t.sayText(st.Text)
		t.noteWay(st, "end")
		t.leave()
	}
}

// enterAsk asks, unless the answer is known already or was agreed to before.
func (t *turn) enterAsk(st *step) {
	if st.Consent != "" && t.c.Agreed(st.Consent, st.version) && len(st.Question.Choices) > 0 {
		first := &st.Question.Choices[0]
		t.put(st.Key, ChoiceOf(first.Key))
		t.noteWay(st, "agreed")
		if first.Next != "" {
			t.goTo(first.Next)
			return
		}
		t.after(st)
		return
	}
	if v := t.knownAnswer(st); v.Given() {
		t.put(st.Key, v)
		t.noteWay(st, "known")
		t.after(st)
		return
	}
	t.s.Talk.drop(st.Key) // a question met again is asked again
	t.changed()
	if st.Final && !t.s.Talk.Done {
		t.done()
	}
	t.ask(st)
}

// knownAnswer is what is known of the contact and fits the question.
func (t *turn) knownAnswer(st *step) Value {
	q := st.Question
	if q.Known == "" || !t.holds(q.KnownWhen, nil) {
		return Value{}
	}
	if v := t.c.Fact(q.Known); fits(q, v) {
		return v
	}
	return Value{}
}

func (t *turn) branch(st *step) {
	for _, c := range st.Cases {
		if t.holds(c.When, nil) {
			t.noteWay(st, c.Next)
			t.goTo(c.Next)
			return
		}
	}
	t.noteWay(st, "else")
	t.after(st)
}

func (t *turn) args(st *step) []Arg {
	args := make([]Arg, len(st.With))
	for i, a := range st.With {
		args[i] = Arg{a.Name, t.fillRaw(a.Text)}
	}
	return args
}

func (t *turn) call(st *step) {
	talk := &t.s.Talk
	if len(talk.Frames) >= maxDepth {
		t.trouble("more than 8 calls deep")
		t.fallBack()
		return
	}
	f := t.lib.flows[st.Call]
	talk.Frames = append(talk.Frames, Frame{talk.Flow, st.Key})
	talk.Flow, talk.Hash = f.Key, f.Hash
	t.enter(f.first)
}

func (t *turn) handOver(st *step) {
	text := ""
	for _, a := range st.With {
		if a.Name == "text" {
			text = t.fillText(a.Text) // people read it, not the programme
		}
	}
	t.emit(HandedOver{Flow: st.flow.Key, Node: st.Key, Text: text})
	t.sayText(st.Text)
	t.noteWay(st, "handed over")
	t.after(st)
}

// leave ends the flow: back to the caller, or the talk is over.
func (t *turn) leave() {
	talk := &t.s.Talk
	for len(talk.Frames) > 0 {
		fr := talk.Frames[len(talk.Frames)-1]
		talk.Frames = talk.Frames[:len(talk.Frames)-1]
		f := t.lib.flows[fr.Flow]
		if f == nil {
			continue
		}
		talk.Flow, talk.Hash = f.Key, f.Hash
		if st := f.nodes[fr.Node]; st != nil {
			t.put(st.Key, Value{Kind: ResultValue, Text: "done"})
			t.after(st)
			return
		}
		t.replay(f)
		return
	}
	f := t.lib.flows[talk.Flow]
	t.end(Completed)
	if f != nil && f.Transient {
		t.resumeInterrupted()
	}
}

// done marks the talk's work as finished while it still offers what next.
func (t *turn) done() {
	t.s.Talk.Done = true
	t.emit(Ended{Flow: t.s.Talk.Flow, How: Completed, Answers: t.s.Talk.Answers})
}

// end ends the talk altogether.
func (t *turn) end(how How) {
	t.finish(how)
	t.s.Talk = Talk{}
	t.changed()
}

// finish tells that the talk ended, once.
func (t *turn) finish(how How) {
	talk := &t.s.Talk
	if talk.Flow == "" || talk.Done {
		return
	}
	talk.Done = true
	t.emit(Ended{Flow: talk.Flow, How: how, Answers: talk.Answers})
}
