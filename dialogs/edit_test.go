package dialogs_test

import (
	"strings"
	"testing"

	"sachhon/dialogs"
)

// The tests of this file change a flow while somebody talks: the talk goes on
// at the right question and keeps every answer.

// question is one line of a flow in these tests.
func question(key string, change ...func(*dialogs.Node)) *dialogs.Node {
	n := &dialogs.Node{Key: key, Kind: dialogs.AskNode, Text: dialogs.Text{VI: "Hỏi " + key + "?", EN: "Ask " + key + "?"},
		Question: &dialogs.Question{Type: dialogs.TypeText, Label: dialogs.Text{VI: key, EN: key}}}
	for _, c := range change {
		c(n)
	}
	return n
}

func choices(keys ...string) func(*dialogs.Node) {
	return func(n *dialogs.Node) {
		n.Question.Type = dialogs.TypeChoice
		for _, k := range keys {
			n.Question.Choices = append(n.Question.Choices, dialogs.Choice{Key: k, Label: dialogs.Text{VI: "Chọn " + k, EN: "Pick " + k}})
		}
	}
}

func typed(q dialogs.QuestionType) func(*dialogs.Node) {
	return func(n *dialogs.Node) { n.Question.Type = q }
}

func formerly(key string) func(*dialogs.Node) {
	return func(n *dialogs.Node) { n.Was = []string{key} }
}

// asForm and asNodes are the two shapes that every edit is tried in.
func asForm(hash dialogs.Hash, questions ...*dialogs.Node) *dialogs.Flow {
	return &dialogs.Flow{Key: "work", Hash: hash, Title: dialogs.Text{VI: "Việc", EN: "Work"}, Nodes: []*dialogs.Node{
		{Key: "form", Kind: dialogs.FormNode, Form: questions},
		{Key: "end", Kind: dialogs.EndNode, Text: dialogs.Text{VI: "Hết.", EN: "End."}},
	}}
}

func asNodes(hash dialogs.Hash, questions ...*dialogs.Node) *dialogs.Flow {
	nodes := append([]*dialogs.Node{}, questions...)
	nodes = append(nodes, &dialogs.Node{Key: "end", Kind: dialogs.EndNode, Text: dialogs.Text{VI: "Hết.", EN: "End."}})
	return &dialogs.Flow{Key: "work", Hash: hash, Title: dialogs.Text{VI: "Việc", EN: "Work"}, Nodes: nodes}
}

var shapes = map[string]func(dialogs.Hash, ...*dialogs.Node) *dialogs.Flow{"form": asForm, "nodes": asNodes}

func TestEditedFlowGoesOnAtTheRightQuestion(t *testing.T) {
	before := func() []*dialogs.Node {
		return []*dialogs.Node{question("a"), question("b", choices("x", "y")), question("c"), question("d")}
	}
	tests := []struct {
		edit  string
		after []*dialogs.Node
		say   string // what the person answers to question c, asked before the edit
		want  string // the question asked next
		kept  map[string]string
	}{
		{"nothing but the hash", before(), "ba", "d", map[string]string{"a": "một", "b": "x", "c": "ba"}},
		{"the question waited for is reworded",
			[]*dialogs.Node{question("a"), question("b", choices("x", "y")), question("c", func(n *dialogs.Node) { n.Text.VI = "Câu mới?" }), question("d")},
			"ba", "d", map[string]string{"a": "một", "b": "x", "c": "ba"}},
		{"a question is inserted behind",
			[]*dialogs.Node{question("a"), question("b", choices("x", "y")), question("c"), question("new"), question("d")},
			"ba", "new", map[string]string{"a": "một", "b": "x", "c": "ba"}},
		{"a question answered before is removed",
			[]*dialogs.Node{question("b", choices("x", "y")), question("c"), question("d")},
			"ba", "d", map[string]string{"a": "một", "b": "x", "c": "ba"}},
		{"the question waited for is removed",
			[]*dialogs.Node{question("a"), question("b", choices("x", "y")), question("d")},
			"ba", "d", map[string]string{"a": "một", "b": "x"}},
		{"the question waited for is renamed",
			[]*dialogs.Node{question("a"), question("b", choices("x", "y")), question("c2", formerly("c")), question("d")},
			"ba", "d", map[string]string{"a": "một", "b": "x", "c2": "ba"}},
		{"a choice is renamed",
			[]*dialogs.Node{question("a"), question("b", choices("z", "y"), func(n *dialogs.Node) { n.Question.Choices[0].Was = []string{"x"} }), question("c"), question("d")},
			"ba", "d", map[string]string{"a": "một", "b": "z", "c": "ba"}},
		{"a type changes and the old answer's key can be read as the new one",
			[]*dialogs.Node{question("a"), question("b"), question("c"), question("d")},
			"ba", "d", map[string]string{"a": "một", "b": "x", "c": "ba"}},
	}
	for _, tt := range tests {
		for shape, build := range shapes {
			t.Run(tt.edit+"/"+shape, func(t *testing.T) {
				p := newPlayer(t, newEngine(t, build(1, before()...)))
				p.say("vào việc", "một", "Chọn x")
				p.asks("c")
				p.engine = newEngine(t, build(2, tt.after...))
				p.say(tt.say)
				p.asks(tt.want)
				p.keeps(tt.kept)
			})
		}
	}
}

func TestInsertedBeforeIsAskedOfAForm(t *testing.T) {
	p := newPlayer(t, newEngine(t, asForm(1, question("a"), question("b"), question("c"))))
	p.say("vào việc", "một")
	p.asks("b")
	p.engine = newEngine(t, asForm(2, question("new"), question("a"), question("b"), question("c")))
	p.say("hai")
	p.asks("new")
	p.say("không")
	p.asks("c")
	p.keeps(map[string]string{"a": "một", "b": "hai", "new": "không"})
}

func TestReorderedQuestionsAreNotAskedTwice(t *testing.T) {
	p := newPlayer(t, newEngine(t, asForm(1, question("a"), question("b"), question("c"), question("d"))))
	p.say("vào việc", "một", "hai")
	p.asks("c")
	p.engine = newEngine(t, asForm(2, question("d"), question("c"), question("b"), question("a")))
	p.say("ba")
	p.asks("d")
	p.say("bốn")
	p.sees("[form.summary]")
	p.keeps(map[string]string{"a": "một", "b": "hai", "c": "ba", "d": "bốn"})
}

func TestAnswerWhoseChoiceIsGoneIsAskedAgainAndShown(t *testing.T) {
	p := newPlayer(t, newEngine(t, asForm(1, question("a", choices("x", "y")), question("b"))))
	p.say("vào việc", "Chọn x")
	p.engine = newEngine(t, asForm(2, question("a", choices("y", "z")), question("b")))
	p.say("hai")
	p.asks("a")
	p.sees("[answer.before]")
	p.say("Chọn z")
	p.sees("[form.summary]")
	p.keeps(map[string]string{"a": "z", "b": "hai"})
}

func TestAnswerOfAnotherTypeIsKeptUntilItIsGivenAnew(t *testing.T) {
	p := newPlayer(t, newEngine(t, asForm(1, question("a"), question("b"))))
	p.say("vào việc", "nhiều lắm")
	p.engine = newEngine(t, asForm(2, question("a", typed(dialogs.TypeInteger)), question("b")))
	p.say("hai")
	p.asks("a")
	p.keeps(map[string]string{"a": "nhiều lắm", "b": "hai"})
	p.say("12")
	p.sees("[form.summary]")
}

func TestPressedChoiceThatIsGoneIsToldAndAskedAgain(t *testing.T) {
	p := newPlayer(t, newEngine(t, asNodes(1, question("a", choices("x", "y")))))
	p.say("vào việc")
	old := p.button("Chọn x")
	p.engine = newEngine(t, asNodes(2, question("a", choices("y", "z"))))
	p.press(old)
	p.sees("[choice.gone]")
	p.asks("a")
}

func TestWithdrawnFlowEndsWithItsAnswers(t *testing.T) {
	p := newPlayer(t, newEngine(t, asForm(1, question("a"), question("b"))))
	p.say("vào việc", "một")
	other := asForm(1, question("z"))
	other.Key = "other"
	p.engine = newEngine(t, other)
	p.say("hai")
	p.sees("[withdrawn]")
	for _, e := range p.events {
		if end, ok := e.(dialogs.Ended); ok && end.How == dialogs.Withdrawn && end.Flow == "work" {
			if len(end.Answers) != 1 || end.Answers[0].Value.Text != "một" {
				t.Errorf("the answers told at the end are %v", end.Answers)
			}
			return
		}
	}
	t.Error("the end of the talk was not told")
}

func TestMovedTalkDoesNotTakeOldWordsForANewQuestion(t *testing.T) {
	p := newPlayer(t, newEngine(t, asForm(1, question("a"), question("b"), question("c"))))
	p.say("vào việc", "một")
	p.asks("b")
	p.engine = newEngine(t, asForm(2, question("a"), question("c")))
	p.say("câu trả lời cho b")
	p.sees("[moved]")
	p.asks("c")
	p.keeps(map[string]string{"a": "một"})
	if strings.Contains(p.stored(), "câu trả lời cho b") {
		t.Error("words said to a removed question became the answer of another")
	}
}
