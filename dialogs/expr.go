package dialogs

import (
	"fmt"
	"slices"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/vm"
)

// Expr is a condition written by the authors of content, such as
// `kind == 'public' && given(taxcode)`. Names are the keys of questions and of
// values that actions put into the talk; `value` is the answer being checked,
// `known` holds the facts of the contact by key, `lang` the language, `today`
// the ISO date. Functions: given(x), agreed("purpose"). What was not answered,
// skipped or is not known is nil.
type Expr struct {
	Source  string
	program *vm.Program
	names   []string
}

// NewExpr compiles a condition; the error says where it cannot be read.
func NewExpr(source string) (*Expr, error) {
	e := &Expr{Source: source}
	program, err := expr.Compile(source, expr.Env(map[string]any{
		"known": map[string]any{}, "lang": "", "today": "",
		"given":  func(any) bool { return false },
		"agreed": func(string) bool { return false },
	}), expr.AllowUndefinedVariables(), expr.AsBool())
	if err != nil {
		return nil, fmt.Errorf("read condition %q: %w", source, err)
	}
	e.program = program
	node := program.Node()
	ast.Walk(&node, nameVisitor{e})
	slices.Sort(e.names)
	e.names = slices.Compact(e.names)
	return e, nil
}

// Names lists the identifiers of the condition, sorted, the built-in ones
// included; the content check looks them up.
func (e *Expr) Names() []string { return e.names }

type nameVisitor struct{ e *Expr }

// Visit collects identifiers.
func (v nameVisitor) Visit(node *ast.Node) {
	if id, ok := (*node).(*ast.IdentifierNode); ok {
		v.e.names = append(v.e.names, id.Value)
	}
}

// holds evaluates e; a nil condition holds, one that fails does not.
func (t *turn) holds(e *Expr, value *Value) bool {
	if e == nil {
		return true
	}
	if value == nil {
		for i := range t.held {
			if t.held[i].e == e {
				return t.held[i].yes
			}
		}
	}
	if t.env == nil {
		t.env = t.environment()
	}
	t.env["value"] = nil
	if value != nil {
		t.env["value"] = plain(*value)
	}
	out, err := t.vm.Run(e.program, t.env)
	if err != nil {
		t.trouble("condition " + e.Source + ": " + err.Error())
		return false
	}
	yes, _ := out.(bool)
	if value == nil {
		t.held = append(t.held, outcomeOf{e, yes})
	}
	return yes
}

// outcomeOf is a condition with what it came to; a form asks the same ones
// several times in a turn.
type outcomeOf struct {
	e   *Expr
	yes bool
}

// changed forgets what conditions came to, since an answer or a fact changed.
func (t *turn) changed() { t.env, t.held = nil, t.held[:0] }

func (t *turn) environment() map[string]any {
	known := make(map[string]any, len(t.c.Facts))
	for _, f := range t.c.Facts {
		known[f.Key] = plain(f.Value)
	}
	env := map[string]any{
		"known": known, "lang": string(t.lang()), "today": t.now.Format("2006-01-02"),
		"given":  func(v any) bool { return v != nil && v != "" },
		"agreed": func(purpose string) bool { return t.c.Agreed(purpose, 0) },
	}
	for i := range t.s.Talk.Answers {
		a := &t.s.Talk.Answers[i]
		env[a.Node] = plain(a.Value)
	}
	return env
}

// plain is a value as conditions see it.
func plain(v Value) any {
	switch v.Kind {
	case NoValue, UnknownValue, NotApplicableValue, SkippedValue:
		return nil
	case NumberValue:
		return v.Num
	case YesNoValue:
		return v.Num != 0
	case ChoicesValue:
		return v.Keys()
	case BothValue:
		return bothIn(v.Text, Vietnamese)
	default:
		return v.Text
	}
}
