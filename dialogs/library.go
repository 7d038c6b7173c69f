package dialogs

import (
	"fmt"
	"strings"

	"sachhon/dialogs/answer"
)

// Content is everything the engine can say, as it was read from files.
type Content struct {
	Flows    []*Flow
	Commands []Command
	Entries  []Entry
	// Texts are the engine's own words by key; [TextKeys] lists what it needs.
	Texts map[string]Text
	// Places are lists that people search, by name.
	Places map[string][]Place
}

// Library is content made ready for talking: indexed, its menus compiled. It
// is immutable.
type Library struct {
	flows    map[string]*flow
	order    []*Flow
	commands []Command
	names    map[string]int // command by name without slash
	words    *answer.Menu   // of what is typed without a slash
	wordOf   []int          // menu index → command
	idle     *answer.Menu   // of words that count where nothing is asked, by command
	entries  []Entry
	texts    map[string]Text
	places   map[string]*places
}

// flow is a Flow with its indexes.
type flow struct {
	*Flow
	nodes map[string]*step
	first *step
}

// step is a Node with its place in the flow.
type step struct {
	*Node
	flow    *flow
	next    *step // the one after it; nil: the last
	form    *step // the form it is a question of
	inner   []*step
	options []shown      // of a question whose choices never change
	menu    *answer.Menu // over options
	version uint64       // of the words, for consent
}

type places struct {
	list []Place
	menu *answer.Menu
}

// NewLibrary makes content ready. It returns an error for what would make the
// engine fail (a missing text, two nodes of one name, a way to nowhere); all
// softer faults are the business of the content check.
func NewLibrary(c Content) (*Library, error) {
	l := &Library{flows: map[string]*flow{}, order: c.Flows, commands: c.Commands, names: map[string]int{},
		entries: c.Entries, texts: c.Texts, places: map[string]*places{}}
	for _, key := range TextKeys() {
		if l.texts[key].Empty() {
			return nil, fmt.Errorf("make content ready: text %q is missing", key)
		}
	}
	for name, list := range c.Places {
		l.places[name] = newPlaces(list)
	}
	for _, f := range c.Flows {
		if err := l.add(f); err != nil {
			return nil, fmt.Errorf("make flow %q ready: %w", f.Key, err)
		}
	}
	for _, f := range c.Flows {
		if err := l.link(l.flows[f.Key]); err != nil {
			return nil, fmt.Errorf("make flow %q ready: %w", f.Key, err)
		}
	}
	return l, l.addCommands(c)
}

// Flows returns the flows in the order of the content.
func (l *Library) Flows() []*Flow { return l.order }

// Flow returns the flow with this key, or with this former key.
func (l *Library) Flow(key string) (*Flow, bool) {
	f, ok := l.flows[key]
	if !ok {
		return nil, false
	}
	return f.Flow, true
}

// Commands returns the commands in the order of the content.
func (l *Library) Commands() []Command { return l.commands }

// Text returns one of the engine's or the programme's own wordings.
func (l *Library) Text(key string) Text { return l.texts[key] }

// Entry says whether deep links with this prefix lead anywhere.
func (l *Library) Entry(prefix string) bool {
	for i := range l.entries {
		if l.entries[i].Prefix == prefix {
			return true
		}
	}
	return false
}

// Places returns the list with this name.
func (l *Library) Places(name string) []Place {
	if p := l.places[name]; p != nil {
		return p.list
	}
	return nil
}

func newPlaces(list []Place) *places {
	choices := make([]answer.Choice, len(list))
	for i, p := range list {
		choices[i] = answer.Choice{Labels: append([]string{p.Label.VI, p.Label.EN}, p.Also...)}
	}
	return &places{list, answer.NewMenu(choices)}
}

func (l *Library) addCommands(c Content) error {
	var choices, idle []answer.Choice
	for i, cmd := range c.Commands {
		idle = append(idle, answer.Choice{Labels: cmd.Idle})
		if cmd.Flow != "" && l.flows[cmd.Flow] == nil {
			return fmt.Errorf("make command %q ready: no flow %q", cmd.Key, cmd.Flow)
		}
		for _, n := range cmd.Names {
			l.names[n] = i
		}
		choices = append(choices, answer.Choice{Labels: append(append([]string{}, cmd.Words...), cmd.Names...)})
		l.wordOf = append(l.wordOf, i)
	}
	l.words, l.idle = answer.NewMenu(choices), answer.NewMenu(idle)
	for _, need := range []string{"start", "menu", "help", "back", "cancel", "stop", "language", "ask"} {
		if l.command(need) == nil {
			return fmt.Errorf("make commands ready: %q is missing", need)
		}
	}
	for _, en := range c.Entries {
		if l.flows[en.Flow] == nil {
			return fmt.Errorf("make deep link %q ready: no flow %q", en.Prefix, en.Flow)
		}
	}
	return nil
}

func (l *Library) command(key string) *Command {
	for i := range l.commands {
		if l.commands[i].Key == key {
			return &l.commands[i]
		}
	}
	return nil
}

func (l *Library) add(f *Flow) error {
	if len(f.Nodes) == 0 {
		return fmt.Errorf("it has no nodes")
	}
	fl := &flow{Flow: f, nodes: map[string]*step{}}
	for _, key := range append([]string{f.Key}, f.Was...) {
		if l.flows[key] != nil {
			return fmt.Errorf("the key %q is used twice", key)
		}
		l.flows[key] = fl
	}
	var before *step
	for _, n := range f.Nodes {
		st, err := fl.addStep(n, nil)
		if err != nil {
			return err
		}
		if before != nil {
			before.next = st
		} else {
			fl.first = st
		}
		before = st
	}
	return nil
}

func (f *flow) addStep(n *Node, form *step) (*step, error) {
	st := &step{Node: n, flow: f, form: form}
	for _, key := range append([]string{n.Key}, n.Was...) {
		if key == "" || strings.ContainsAny(key, ". ~/") {
			return nil, fmt.Errorf("node key %q: use letters, digits, - and _", key)
		}
		if f.nodes[key] != nil {
			return nil, fmt.Errorf("the node key %q is used twice", key)
		}
		f.nodes[key] = st
	}
	if n.Kind == AskNode && n.Question == nil {
		return nil, fmt.Errorf("node %q asks nothing", n.Key)
	}
	for _, q := range n.Form {
		if q.Kind != AskNode {
			return nil, fmt.Errorf("form %q: %q is not a question", n.Key, q.Key)
		}
		in, err := f.addStep(q, st)
		if err != nil {
			return nil, err
		}
		st.inner = append(st.inner, in)
	}
	if n.Kind == FormNode && len(st.inner) == 0 {
		return nil, fmt.Errorf("form %q has no questions", n.Key)
	}
	st.version = versionOf(n.Text)
	return st, nil
}

// likeness is what makes the menus of two questions one and the same.
type likeness struct {
	first              *Choice
	count              int
	kind               QuestionType
	optional, unk, nap bool
	skip               Text
}

func (q *Question) likeness() likeness {
	k := likeness{count: len(q.Choices), kind: q.Type, optional: q.Optional, unk: q.Unknown, nap: q.NotApplicable, skip: q.Skip}
	if k.count > 0 {
		k.first = &q.Choices[0]
	}
	return k
}

// link checks every way out and compiles the menus. Questions on one scale share
// theirs.
func (l *Library) link(f *flow) error {
	alike := map[likeness]*step{}
	for _, st := range f.nodes {
		for _, to := range st.ways() {
			if f.nodes[to] == nil && !strings.HasPrefix(to, "/") {
				return fmt.Errorf("node %q leads to %q, which is not there", st.Key, to)
			}
		}
		if st.Kind == CallNode && l.flows[st.Call] == nil {
			return fmt.Errorf("node %q calls the flow %q, which is not there", st.Key, st.Call)
		}
		if st.Kind != AskNode || st.options != nil {
			continue
		}
		if from := st.Question.From; from != "" && from != FromOptions && from != fromParked && l.places[from] == nil {
			return fmt.Errorf("question %q takes its choices from %q, which is not there", st.Key, from)
		}
		if !st.Question.steady() {
			continue
		}
		if same := alike[st.Question.likeness()]; same != nil {
			st.options, st.menu = same.options, same.menu
			continue
		}
		st.options = append([]shown{}, l.fixed(st.Question)...)
		st.menu = menuOf(st.options)
		alike[st.Question.likeness()] = st
	}
	return nil
}

// ways lists every node or command the step may lead to by name.
func (st *step) ways() []string {
	var to []string
	if st.Next != "" {
		to = append(to, st.Next)
	}
	for _, c := range st.Cases {
		to = append(to, c.Next)
	}
	for _, next := range st.On {
		to = append(to, next)
	}
	if st.Question != nil {
		for _, c := range st.Question.Choices {
			if c.Next != "" {
				to = append(to, c.Next)
			}
		}
	}
	return to
}

// steady says whether the question offers the same to everybody every time.
func (q *Question) steady() bool {
	for i := range q.Choices {
		if q.Choices[i].Relevant != nil {
			return false
		}
	}
	return q.From == "" && q.Type != TypeChoices
}

// versionOf is the FNV-1a hash of a wording, never 0.
func versionOf(t Text) uint64 {
	h := uint64(14695981039346656037)
	for _, s := range [2]string{t.VI, t.EN} {
		for i := range len(s) {
			h = (h ^ uint64(s[i])) * 1099511628211
		}
		h = (h ^ 0x1f) * 1099511628211
	}
	return max(h, 1)
}

// IsCommand says whether a text without a slash names a command in full, with
// its marks or without.
func (l *Library) IsCommand(text string) bool {
	pick := l.words.Pick(answer.Clean(text))
	return pick.Index >= 0 && (pick.How == answer.HowExact || pick.How == answer.HowFolded || pick.How == answer.HowPolite)
}
