package content

import (
	"io/fs"
	"slices"

	"github.com/goccy/go-yaml/ast"

	"sachhon/dialogs"
)

// flowPage is a flow as it was read, with the places of its parts.
type flowPage struct {
	*page
	flow       *dialogs.Flow
	at         map[string]place // of nodes, by key
	personal   map[string]bool  // questions that ask for personal data
	ways       []wayTo
	conditions []condition
	args       []argument
}

// wayTo is a way out of a node by name.
type wayTo struct {
	node, to string
	at       place
}

// condition is an expression with its place.
type condition struct {
	expr *dialogs.Expr
	node string
	at   place
}

// argument is what an action is given, with its place.
type argument struct {
	node string
	text string
	at   place
}

// readFlow reads one file of flows/; nil when there is no flow to be had.
func readFlow(fsys fs.FS, name string) *flowPage {
	p, root := readPage(fsys, name)
	f := &flowPage{page: p, at: map[string]place{}, personal: map[string]bool{}}
	if root == nil {
		return f
	}
	top := p.fields(root, "a flow", "flow", "title", "was", "transient", "keeps", "nudge", "nodes")
	f.flow = &dialogs.Flow{Key: top.key("flow"), Transient: top.flag("transient"), Keeps: top.flag("keeps"), Was: top.keys("was")}
	f.flow.Title = top.text("title", worded{role: line, flow: f.flow.Key})
	if !top.has("title") {
		p.fail(root, "the flow has no title", "write title: {vi: …, en: …}; people see it when the talk is offered again")
	}
	if e, ok := top.find("nudge"); ok {
		n := p.fields(e.value, "a nudge", "after", "text")
		f.flow.Nudge = dialogs.Nudge{After: n.duration("after"), Text: n.text("text", worded{flow: f.flow.Key})}
	}
	items := top.items("nodes")
	if len(items) == 0 {
		p.fail(root, "the flow has no nodes", "write nodes: and at least one node below it")
	}
	for _, n := range items {
		if node := f.node(n, ""); node != nil {
			f.flow.Nodes = append(f.flow.Nodes, node)
		}
	}
	f.flow.Hash = hashOf(f.flow)
	return f
}

// The keys of nodes, by what they do.
var (
	kindKeys   = []string{"say", "ask", "choose", "choose_many", "form", "questionnaires", "branch", "do", "call", "handover", "wait", "end"}
	commonKeys = []string{"key", "was", "relevant", "next"}
	askKeys    = []string{"type", "label", "hint", "example", "choices", "from", "optional", "skip", "unknown", "not_applicable",
		"constraint", "broken", "known", "known_when", "unit", "min", "max", "personal", "consent", "final"}
	moreKeys = map[string][]string{"ask": askKeys, "choose": askKeys, "choose_many": askKeys, "form": {"summary", "confirm", "straight"},
		"do": {"with", "on"}, "handover": {"note"}, "wait": {"text"}}
)

// node reads a node; form is the key of the form it is a question of.
func (f *flowPage) node(n ast.Node, form string) *dialogs.Node {
	all := f.fields(n, "a node")
	var kinds []string
	for _, e := range all.list {
		if slices.Contains(kindKeys, e.name) {
			kinds = append(kinds, e.name)
		}
	}
	if len(kinds) != 1 {
		f.notOneKind(n, all, kinds)
		return nil
	}
	kind := kinds[0]
	if form != "" && moreKeys[kind] == nil || form != "" && kind != "ask" && kind != "choose" && kind != "choose_many" {
		f.fail(n, "a form holds questions only", "use ask or choose")
		return nil
	}
	d := f.fields(n, "a node with “"+kind+"”", slices.Concat([]string{kind}, commonKeys, moreKeys[kind])...)
	node := &dialogs.Node{Key: d.key("key"), Was: d.keys("was"), Next: d.str("next"), Relevant: f.condition(d, "relevant", d.str("key"))}
	if before, twice := f.at[node.Key]; twice && before != placeOf(n) {
		f.fail(n, "the key “"+node.Key+"” is used twice in this flow", "give one of the nodes another key")
	}
	f.at[node.Key] = placeOf(n)
	f.way(node.Key, node.Next, d.place("next"))
	f.fill(node, kind, d, form)
	return node
}

func (f *flowPage) notOneKind(n ast.Node, all fields, kinds []string) {
	if len(kinds) > 1 {
		f.fail(n, "a node does one thing, and this one has several of "+join(kinds), "split it")
		return
	}
	for _, e := range all.list {
		if near := likely(e.name, kindKeys); near != "" && !slices.Contains(commonKeys, e.name) {
			f.fail(e.key, "a node does not know “"+e.name+"”", "did you mean “"+near+"”?")
			return
		}
	}
	f.fail(n, "this node does nothing", "give it one of: "+join(kindKeys))
}

// fill reads what is particular to the kind of node.
func (f *flowPage) fill(node *dialogs.Node, kind string, d fields, form string) {
	said := worded{flow: f.flow.Key, node: node.Key}
	switch kind {
	case "say":
		node.Kind, node.Text = dialogs.SayNode, d.text(kind, said)
	case "ask", "choose", "choose_many":
		node.Kind, node.Text = dialogs.AskNode, d.text(kind, said)
		f.question(node, kind, d)
		if form != "" && d.has("next") {
			f.note(d.place("next"), Error, "a question of a form cannot lead elsewhere", "take next out; a form goes on by itself")
		}
	case "form":
		f.form(node, d)
	case "questionnaires":
		node.Kind, node.Questionnaires, node.Straight = dialogs.FormNode, d.strs(kind), true
		if len(node.Questionnaires) == 0 {
			f.fail(d.at, "no questionnaire is named", "write questionnaires: [general]")
		}
	case "branch":
		node.Kind = dialogs.BranchNode
		for _, c := range d.items(kind) {
			one := f.fields(c, "a case", "when", "next")
			node.Cases = append(node.Cases, dialogs.Case{When: f.condition(one, "when", node.Key), Next: one.str("next")})
			f.way(node.Key, one.str("next"), one.place("next"))
			if !one.has("when") || !one.has("next") {
				f.fail(c, "a case needs “when” and “next”", "write {when: condition, next: node}")
			}
		}
	case "do":
		f.action(node, d)
	case "call":
		node.Kind, node.Call = dialogs.CallNode, d.str(kind)
	case "handover":
		node.Kind, node.Text = dialogs.HandOverNode, d.text(kind, said)
		node.With = []dialogs.Arg{{Name: "text", Text: d.str("note")}}
		f.args = append(f.args, argument{node.Key, d.str("note"), d.place("note")})
	case "wait":
		node.Kind, node.Wait, node.Text = dialogs.WaitNode, d.duration(kind), d.text("text", said)
	case "end":
		node.Kind, node.Text = dialogs.EndNode, d.text(kind, said)
	}
}

func (f *flowPage) form(node *dialogs.Node, d fields) {
	said := worded{flow: f.flow.Key, node: node.Key}
	node.Kind, node.Text = dialogs.FormNode, d.text("summary", said)
	said.role = label
	node.Confirm = d.text("confirm", said)
	node.Straight = d.flag("straight")
	items := d.items("form")
	if len(items) == 0 {
		f.fail(d.at, "the form asks nothing", "write its questions below “form:”")
	}
	for _, q := range items {
		if in := f.node(q, node.Key); in != nil {
			node.Form = append(node.Form, in)
		}
	}
}

func (f *flowPage) action(node *dialogs.Node, d fields) {
	node.Kind, node.Do, node.On = dialogs.DoNode, d.str("do"), map[string]string{}
	if e, ok := d.find("with"); ok && e.value != nil {
		for _, a := range f.fields(e.value, "with").list {
			arg := dialogs.Arg{Name: a.name, Text: f.str(a.value, a.name)}
			node.With = append(node.With, arg)
			f.args = append(f.args, argument{node.Key, arg.Text, placeOf(a.value)})
		}
	}
	if e, ok := d.find("on"); ok && e.value != nil {
		for _, o := range f.fields(e.value, "on").list {
			to := f.str(o.value, o.name)
			node.On[o.name] = to
			f.way(node.Key, to, placeOf(o.value))
		}
	}
	f.checkAction(node, d)
}

// condition reads a condition and notes it for the checks.
func (f *flowPage) condition(d fields, name, node string) *dialogs.Expr {
	e := d.expr(name)
	if e != nil {
		f.conditions = append(f.conditions, condition{e, node, d.place(name)})
	}
	return e
}

// way notes a way out.
func (f *flowPage) way(node, to string, at place) {
	if to != "" {
		f.ways = append(f.ways, wayTo{node, to, at})
	}
}
