package dialogs

import (
	"strconv"
	"strings"
	"time"
)

// command carries out something that can be said at any time.
func (t *turn) command(cmd *Command, rest string) {
	switch cmd.Key {
	case "back":
		t.back()
	case "cancel":
		t.cancel()
	case "stop":
		t.stop()
	case "help":
		t.help()
	case "start":
		t.start(cmd, rest)
	case "language":
		t.language(cmd, rest)
	default:
		var values []Answer
		if cmd.Into != "" && rest != "" {
			rest, _ = clip(rest, maxAnswer)
			values = []Answer{{Node: cmd.Into, Value: TextOf(rest)}}
		}
		t.begin(cmd.Flow, values)
	}
}

// begin starts a flow; what went on is kept for later.
func (t *turn) begin(key string, values []Answer) {
	f := t.lib.flows[key]
	if f == nil {
		t.trouble("no flow " + key)
		t.fallBack()
		return
	}
	talk := &t.s.Talk
	same := func(talk *Talk) bool {
		return talk.Flow == f.Key && len(talk.Frames) == 0 && !talk.Done && talk.own() > 0 && (values == nil || f.Keeps && talk.holds(values))
	}
	if same(talk) && !f.Transient {
		talk.State = Returning
		t.again()
		return
	}
	for i := range t.s.Parked {
		if f.Keeps && same(&t.s.Parked[i]) {
			if !t.unpark(i) {
				t.s.Talk.State = Returning
				t.again()
			}
			return
		}
	}
	t.park(f.Transient)
	t.s.Runs++
	t.s.Talk = Talk{Flow: f.Key, Hash: f.Hash, Run: t.s.Runs, Started: t.now, Node: f.first.Key}
	t.changed()
	for _, v := range values {
		t.put(v.Node, v.Value)
	}
	if !f.Transient {
		t.emit(Began{Flow: f.Key})
	}
	t.enter(f.first)
}

// holds says whether the talk was begun or answered with these values.
func (t *Talk) holds(values []Answer) bool {
	for _, v := range values {
		if t.Answer(v.Node).Text != v.Value.Text {
			return false
		}
	}
	return true
}

// own counts the answers the person gave in this talk.
func (t *Talk) own() int {
	n := 0
	for i := range t.Answers {
		if !t.Answers[i].Auto {
			n++
		}
	}
	return n
}

// park keeps the current talk for later, if it is worth it.
func (t *turn) park(forTransient bool) {
	talk := t.s.Talk
	f := t.lib.flows[talk.Flow]
	if talk.Flow == "" || talk.Done || f == nil || f.Transient && len(talk.Frames) == 0 {
		return
	}
	if talk.own() == 0 && !forTransient {
		t.finish(Cancelled)
		return
	}
	if talk.State == Doubting {
		talk.State, talk.Held = Asking, nil
	}
	talk.Media = nil
	t.s.Parked = append(t.s.Parked, talk)
	t.s.Talk = Talk{}
	if len(t.s.Parked) > maxParked {
		old := t.s.Parked[0]
		t.s.Parked = append(t.s.Parked[:0], t.s.Parked[1:]...)
		t.emit(Ended{Flow: old.Flow, How: Cancelled, Answers: old.Answers})
	}
}

// unpark takes a kept talk up again; what went on now is kept in its place. It
// returns true when the talk was edited meanwhile and has asked already.
func (t *turn) unpark(i int) (moved bool) {
	talk := t.s.Parked[i]
	t.s.Parked = append(t.s.Parked[:i], t.s.Parked[i+1:]...)
	t.park(false)
	t.s.Talk = talk
	t.changed()
	if t.settle() {
		return true
	}
	if st := t.step(); st != nil && t.s.Talk.State == Returning {
		t.rest(st)
	}
	return false
}

// resumeInterrupted goes on with what a language choice or the like interrupted.
func (t *turn) resumeInterrupted() {
	if n := len(t.s.Parked); n > 0 && t.s.Idle() {
		if !t.unpark(n - 1) {
			t.again()
		}
	}
}

// restart throws the talk's answers away and begins it anew.
func (t *turn) restart() {
	flow, kept := t.s.Talk.Flow, t.s.Talk.Answers
	if len(t.s.Talk.Frames) > 0 {
		flow = t.s.Talk.Frames[0].Flow
	}
	t.end(Cancelled)
	var values []Answer
	for _, a := range kept {
		if t.lib.entryValue(flow, a.Node) {
			values = append(values, a)
		}
	}
	t.begin(flow, values)
}

// entryValue says whether a flow was given key by a deep link.
func (l *Library) entryValue(flow, key string) bool {
	for _, en := range l.entries {
		if en.Flow == flow && en.Into == key {
			return true
		}
	}
	return false
}

// cancel leaves what is going on.
func (t *turn) cancel() {
	if t.s.Idle() {
		t.sayKey("cancel.nothing", t.commandButton("menu"))
		return
	}
	f := t.lib.flows[t.s.Talk.Flow]
	quiet := f == nil || f.Transient || t.s.Talk.Done
	title := ""
	if f != nil {
		title = f.Title.In(t.lang())
	}
	if !quiet && f.Keeps && t.s.Talk.State != Returning && t.s.Talk.own() > 0 {
		t.park(false)
		t.changed()
		t.sayWith("paused", "title", title, t.commandButton("menu"))
		return
	}
	t.end(Cancelled)
	if quiet {
		t.sayKey("cancel.nothing", t.commandButton("menu"))
		return
	}
	t.sayWith("cancelled", "title", title, t.commandButton("menu"))
}

// stop refuses promotion, at once, with one confirmation (NĐ 91/2020). What was
// agreed to for tips is withdrawn with it.
func (t *turn) stop() {
	if t.c.OptedOut.IsZero() {
		t.c.OptedOut = t.now
		t.emit(Refused{Promotion: true})
		if t.c.Agreed(PurposeTips, 0) {
			t.decide(PurposeTips, false, 0)
		}
		t.sayWith("stopped", "time", ShowClock(t.now, t.lang())+" "+ShowDay(t.now, t.lang()))
	} else {
		t.sayKey("stopped.already")
	}
	switch st := t.step(); {
	case st == nil:
	case !t.browsing(st):
		t.again()
	case st.flow.Transient && len(t.s.Talk.Frames) == 0:
		t.end(Cancelled) // how a subscription stood would contradict it, said again now or later
	}
}

// help lists the commands.
func (t *turn) help() {
	var b strings.Builder
	for _, cmd := range t.lib.commands {
		if cmd.About.Empty() {
			continue
		}
		name := cmd.Names[0]
		if t.lang() == English && len(cmd.Names) > 1 {
			name = cmd.Names[1]
		}
		b.WriteString("\n/" + name + " — " + cmd.About.In(t.lang()))
	}
	m := t.message(t.fillText(t.lib.texts["help"].In(t.lang())) + b.String())
	if t.s.Idle() {
		m.Buttons = rows([]Button{t.commandButton("menu")})
	}
	t.emit(Said{m})
	t.again()
}

// start greets, or follows a deep link: tokens joined with "-", such as
// "class_7f3k-src_P12".
func (t *turn) start(cmd *Command, payload string) {
	if payload == "" {
		t.begin(cmd.Flow, nil)
		return
	}
	var found *Entry
	var value string
	payload, _ = clip(payload, 64)
	for token := range strings.SplitSeq(payload, "-") {
		prefix, rest, _ := strings.Cut(token, "_")
		if prefix == "src" && rest != "" {
			if t.c.Source == "" {
				t.c.Source = rest
			}
			continue
		}
		for i := range t.lib.entries {
			if en := &t.lib.entries[i]; en.Prefix == prefix && rest != "" && found == nil {
				found, value = en, rest
			}
		}
	}
	if found != nil {
		t.begin(found.Flow, []Answer{{Node: found.Into, Value: TextOf(value)}})
		return
	}
	if !strings.HasPrefix(payload, "src_") {
		t.sayKey("entry.unknown")
	}
	t.begin(cmd.Flow, nil)
}

// language changes the language, or asks for it.
func (t *turn) language(cmd *Command, rest string) {
	switch strings.ToLower(rest) {
	case string(Vietnamese), string(English):
		t.c.Lang = Lang(strings.ToLower(rest))
		t.changed()
		t.sayKey("language.changed")
		if t.s.Idle() {
			t.resumeInterrupted()
			return
		}
		t.again()
	default:
		t.begin(cmd.Flow, nil)
	}
}

// sayReturning says where the person was.
func (t *turn) sayReturning(st *step) {
	t.emitQuestion(st, t.fillText(t.lib.texts["returning"].In(t.lang())))
}

// askForNudge asks once for a reminder of a talk left half-way.
func (t *turn) askForNudge(form *step) {
	f := form.flow
	if f.Nudge.After <= 0 || t.s.Talk.Nudged {
		return
	}
	t.s.Talk.Nudged = true
	t.emit(Waits{For: WakeNudge, Until: t.now.Add(f.Nudge.After), Run: t.s.Talk.Run})
}

// nudge reminds of a talk left half-way, once it really was left.
func (t *turn) nudge(run uint32) {
	talk := &t.s.Talk
	for i := range t.s.Parked {
		if t.s.Parked[i].Run == run && t.s.Idle() {
			if t.unpark(i) {
				return
			}
			break
		}
	}
	f := t.lib.flows[talk.Flow]
	if f == nil || talk.Run != run || talk.Done || f.Nudge.After <= 0 {
		return
	}
	if since := t.now.Sub(t.s.Seen); since < f.Nudge.After {
		t.emit(Waits{For: WakeNudge, Until: t.s.Seen.Add(f.Nudge.After), Run: run})
		return
	}
	talk.State = Returning
	if st := t.step(); st != nil {
		t.emitQuestion(st, t.fillText(f.Nudge.Text.In(t.lang())))
	}
}

// WakeInput is the input of a due moment that a [Waits] asked for.
func (w Waits) WakeInput() Input {
	return Input{Kind: InputWake, Text: w.For, Button: strconv.FormatUint(uint64(w.Run), 36)}
}

// expired says whether nothing was heard for so long that talks are dropped.
func (s *Session) expired(now time.Time) bool {
	return !s.Seen.IsZero() && now.Sub(s.Seen) > SessionLife
}
