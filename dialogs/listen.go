package dialogs

import (
	"strings"
	"unicode"

	"sachhon/dialogs/answer"
)

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
		if pick.Index >= 0 && t.takes(st, pick.How, text) && !t.refusal(pick.How, text, st) {
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

// refusal says whether words that hit a choice only in part are the refusal of
// all promotion in full: "dừng" is not "Tạm dừng".
func (t *turn) refusal(how answer.How, text string, st *step) bool {
	if how != answer.HowPrefix {
		return false
	}
	cmd := t.heardCommand(text, st)
	return cmd != nil && cmd.Key == "stop"
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
	if t.smallTalk(text) {
		return
	}
	pick := t.lib.words.Pick(text)
	near := pick.Close
	if pick.Index >= 0 {
		near = []int{pick.Index}
	}
	if len(near) == 0 || pick.How == answer.HowNumber || question(text) {
		if t.lookUp(text) {
			return
		}
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

// smallTalk answers words that ask nothing ("ok", "alo"), where nothing is asked.
func (t *turn) smallTalk(text string) bool {
	pick := t.lib.idle.Pick(text)
	if pick.Index < 0 || pick.How > answer.HowPolite {
		return false
	}
	t.command(&t.lib.commands[pick.Index], "")
	return true
}

// lookUp searches for words that nothing else took. False when there is nothing
// to look for, or the content has no search.
func (t *turn) lookUp(text string) bool {
	cmd := t.lib.command("search")
	if cmd == nil || !searchable(text) {
		return false
	}
	t.command(cmd, text)
	return true
}

// searchable says whether text has a word worth looking for: "?" has none.
func searchable(text string) bool {
	letters := 0
	for _, r := range answer.Fold(text) {
		if unicode.IsLetter(r) {
			letters++
		}
	}
	return letters >= 3
}

// maxNaming is the most words with which somebody names a command; more than
// that ask something.
const maxNaming = 4

// question says whether text is long enough to be a question rather than the
// name of something to do.
func question(text string) bool {
	return strings.Count(answer.Fold(answer.Polite(text)), " ") >= maxNaming
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
