package dialogs

import "time"

// Hash is the content hash of a flow: the same words and steps, the same hash.
type Hash uint64

// Flow is one conversation as data: nodes in the order in which they are met.
type Flow struct {
	Key   string
	Title Text // names the talk when it is offered again
	Hash  Hash
	// Nodes in order; a node without Next goes on to the one after it.
	Nodes []*Node
	// Transient talks (the menu, a language choice) are never kept for later.
	Transient bool
	// Keeps makes leaving the talk put it aside with its answers, for going on
	// another day, instead of dropping it.
	Keeps bool
	// Nudge is said once when the talk was left half-way; empty: never.
	Nudge Nudge
	// Was lists former keys of this flow.
	Was []string
}

// Nudge reminds once of a talk that was left half-way.
type Nudge struct {
	After time.Duration
	Text  Text
}

// Kind says what a node does.
type Kind uint8

// The kinds of nodes.
const (
	// SayNode says Text and goes on.
	SayNode Kind = iota + 1
	// AskNode asks Question and waits for the answer. A question of choices
	// may lead on by choice.
	AskNode
	// FormNode asks the relevant ones of Form that are not known yet, shows
	// Text as a summary in which any line can be edited, and goes on when the
	// person confirms; a Straight one goes on without a summary.
	FormNode
	// BranchNode goes to the first of Cases that holds, else on.
	BranchNode
	// DoNode asks the programme for an action and goes on by its outcome.
	DoNode
	// CallNode plays another flow and goes on when that has ended.
	CallNode
	// HandOverNode gives the talk to the centre's staff.
	HandOverNode
	// WaitNode goes on after a time, or when the person says something.
	WaitNode
	// EndNode says Text, if any, and ends the flow.
	EndNode
)

// Node is one step of a flow. Which fields count depends on Kind.
type Node struct {
	Key  string // stable: sessions point at it
	Was  []string
	Kind Kind
	Text Text   // what is said; a form's summary
	Next string // key of the next node; "": the one after this in the flow

	Question *Question // AskNode

	// Final marks a question that only offers what comes after the talk's
	// work is done: the talk counts as ended when it is reached.
	Final bool

	Form    []*Node // FormNode: AskNodes
	Confirm Text    // FormNode: label of the choice that commits
	// Straight makes a form go on after its last answer, without a summary.
	Straight bool
	// Questionnaires names where the questions of a FormNode came from; nil: they
	// were written for it.
	Questionnaires []string

	Cases []Case // BranchNode

	Do   string            // DoNode: the action's name
	With []Arg             // DoNode: what the action is given
	On   map[string]string // DoNode: next node by outcome

	Call string // CallNode: the flow's key

	Wait time.Duration // WaitNode

	// Relevant is an expression; when it is false the node is passed over.
	Relevant *Expr
	// Consent is the purpose that a yes to this question agrees to.
	Consent string
}

// Arg is one named thing given to an action; its text may hold {placeholders}.
type Arg struct{ Name, Text string }

// Case is one way out of a branch.
type Case struct {
	When *Expr
	Next string
}

// QuestionType says what kind of answer a question takes.
type QuestionType string

// The types of questions.
const (
	TypeText    QuestionType = "text"
	TypeName    QuestionType = "name"
	TypePhone   QuestionType = "phone"
	TypeEmail   QuestionType = "email"
	TypeTaxCode QuestionType = "taxcode"
	TypeChoice  QuestionType = "choice"
	TypeChoices QuestionType = "choices"
	TypeInteger QuestionType = "integer"
	TypeDecimal QuestionType = "decimal"
	TypeDate    QuestionType = "date"
	TypeYesNo   QuestionType = "yesno"
	TypePlace   QuestionType = "place"
	TypeFile    QuestionType = "file"
)

// Question is what an AskNode asks. Its wording is the node's Text.
type Question struct {
	Type    QuestionType
	Label   Text // names the field in summaries and when editing
	Hint    Text // one more line under the question
	Example Text // a worked example, shown after two answers that did not fit

	Choices []Choice // choice, choices, and extra buttons of other types
	// From names where further choices come from: "options" (what the last
	// action offered) or a list of the library (places).
	From string

	// Optional questions can be left out with the button Skip (default
	// "Bỏ qua").
	Optional      bool
	Skip          Text
	Unknown       bool // "don't know" is an answer
	NotApplicable bool // "does not apply" is an answer

	// Constraint is an expression over "value" that a good answer fulfils;
	// Broken says what is wrong when it does not.
	Constraint *Expr
	Broken     Text

	// Known names the fact that answers this question without asking and that
	// a new answer becomes. KnownWhen, if given, limits both.
	Known     string
	KnownWhen *Expr

	Unit     string  // decimal, integer: what is counted
	Min, Max float64 // integer, decimal: bounds where Max > Min; choices: how many; text: runes
}

// Choice is one thing that can be picked.
type Choice struct {
	Key   string
	Was   []string
	Label Text
	Also  []string // further spellings that mean it
	// Next is the node it leads to, or a command such as "/menu"; "": the
	// question's own next.
	Next string
	// Relevant is an expression; when it is false the choice is left out.
	Relevant *Expr
}

// Command is something a person can say at any time.
type Command struct {
	Key   string   // register, selfcheck, …
	Names []string // with the slash, without accents: dangky, register
	Words []string // typed without the slash: "đăng ký", "huỷ", "thôi"
	Label Text     // on a button, and in the list of commands
	About Text     // one line for help
	// Idle are further words that mean it only where nothing is being asked:
	// "alo" is a greeting then, and half an answer elsewhere.
	Idle []string
	// Flow is what it starts; "" for what the engine does itself (back,
	// cancel, stop, start).
	Flow string
	// Into is the key under which the words typed after the command are put
	// into the talk; "": they are not read.
	Into string
}

// Entry says which flow a deep-link payload such as "class_7f3k" starts, and
// under which key the rest of the payload is put into the talk.
type Entry struct {
	Prefix string // class
	Flow   string
	Into   string
}

// Place is one entry of a list that people search, such as the wards.
type Place struct {
	Key   string
	Label Text
	Also  []string // former names, and what they typed before the merger
}
