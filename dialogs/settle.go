package dialogs

import "strconv"

// settle brings a stored session to the content and the time of now: talks too
// old are dropped, talks of an edited flow go on at the right question. It
// returns true when what the person was asked is gone, so that their words
// cannot be its answer.
func (t *turn) settle() bool {
	s := t.s
	if s.expired(t.now) {
		t.expire()
		return false
	}
	talk := &s.Talk
	if talk.Flow == "" {
		return false
	}
	f := t.lib.flows[talk.Flow]
	if f == nil {
		t.withdraw()
		return true
	}
	if talk.Hash == f.Hash && t.step() != nil {
		return false
	}
	talk.Flow, talk.Hash = f.Key, f.Hash
	t.rename(f)
	st := f.nodes[talk.Node]
	if st != nil && t.stillWaits(st) {
		talk.Node = st.Key
		return false
	}
	t.sayKey("moved")
	talk.State, talk.Held, talk.Wrong = Asking, nil, 0
	t.replay(f)
	return true
}

// stillWaits says whether the talk can wait at st in its state.
func (t *turn) stillWaits(st *step) bool {
	switch t.s.Talk.State {
	case Summing, Choosing:
		return st.Kind == FormNode
	case Sleeping:
		return st.Kind == WaitNode
	case Doubting:
		t.s.Talk.State, t.s.Talk.Held = Asking, nil
		return st.Kind == AskNode
	case Acting:
		return false
	default:
		return st.Kind == AskNode && t.holds(st.Relevant, nil) || t.s.Talk.State == Returning && st.Kind == FormNode
	}
}

// rename brings former keys of nodes and choices to their present ones, and
// rereads answers whose question now takes another type. What does not fit any
// more is kept in the talk, and its question asked again.
func (t *turn) rename(f *flow) {
	talk := &t.s.Talk
	for i := range talk.Answers {
		a := &talk.Answers[i]
		st := f.nodes[a.Node]
		if st == nil {
			continue
		}
		a.Node = st.Key
		if q := st.Question; q != nil && !fits(q, a.Value) {
			a.Value = t.reread(st, a.Value)
		} else if q != nil && a.Value.Kind == ChoiceValue {
			if i := q.choice(a.Value.Text); i >= 0 {
				a.Value.Text = q.Choices[i].Key
			}
		}
	}
	t.changed()
}

// reread reads an old answer as the type its question has now; v itself when
// that cannot be done for sure.
func (t *turn) reread(st *step, v Value) Value {
	q := st.Question
	if !v.Given() {
		return v
	}
	words := t.show(st, v, Vietnamese)
	if choosy(q) {
		list := t.lib.fixed(q)
		if pick := menuOf(list).Pick(words); pick.Index >= 0 {
			if i := q.choice(list[pick.Index].Key); i >= 0 {
				if q.Type == TypeChoices {
					return ChoicesOf(q.Choices[i].Key)
				}
				return ChoiceOf(q.Choices[i].Key)
			}
		}
		return v
	}
	if values, problem := read(q, words, t.now); problem == "" && len(values) == 1 {
		return values[0]
	}
	return v
}

// replay walks the flow from its start along the answers there are, to the
// first thing that was not answered yet. Actions that ran are not run again.
func (t *turn) replay(f *flow) {
	st := f.first
	for range maxSteps {
		if st == nil {
			t.leave()
			return
		}
		next, stop := t.replayStep(st)
		if stop {
			t.enter(st)
			return
		}
		st = next
	}
	t.trouble("replay went in a circle")
	t.fallBack()
}

// replayStep passes over one node that was done before; stop means that it was not.
func (t *turn) replayStep(st *step) (next *step, stop bool) {
	v := t.s.Talk.Answer(st.Key)
	to := st.Next
	switch st.Kind {
	case EndNode, HandOverNode:
		return nil, true
	case AskNode:
		if t.holds(st.Relevant, nil) {
			if !fits(st.Question, v) || st.Final {
				return nil, true
			}
			if i := st.Question.choice(v.Text); i >= 0 && st.Question.Choices[i].Next != "" {
				to = st.Question.Choices[i].Next
			}
		}
	case FormNode, CallNode:
		if v.Kind != ResultValue && t.holds(st.Relevant, nil) {
			return nil, true
		}
	case DoNode:
		if v.Kind != ResultValue && t.holds(st.Relevant, nil) {
			return nil, true
		}
		if on, ok := st.On[v.Text]; ok {
			to = on
		}
	case BranchNode:
		for _, c := range st.Cases {
			if t.holds(c.When, nil) {
				to = c.Next
				break
			}
		}
	}
	if to == "" {
		return st.next, false
	}
	next = st.flow.nodes[to]
	return next, next == nil
}

// expire drops everything that went on before a month of silence.
func (t *turn) expire() {
	s := t.s
	for i := range s.Parked {
		t.emit(Ended{Flow: s.Parked[i].Flow, How: Expired, Answers: s.Parked[i].Answers})
	}
	s.Parked, s.Offers = nil, nil
	f := t.lib.flows[s.Talk.Flow]
	told := f != nil && !f.Transient && !s.Talk.Done
	if told {
		t.sayWith("expired", "title", f.Title.In(t.lang()))
	}
	t.end(Expired)
}

// withdraw ends a talk whose flow is no longer in the content.
func (t *turn) withdraw() {
	t.end(Withdrawn)
	t.sayKey("withdrawn", t.commandButton("menu"))
}

// ButtonID returns the ID of a choice's button, as the engine writes it.
func ButtonID(run uint32, node, choice string) string {
	return strconv.FormatUint(uint64(run), 36) + "." + node + "." + choice
}
