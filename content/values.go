package content

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"

	"sachhon/dialogs"
)

// scalar reads a plain value as it is written; ok is false for lists and the like.
func scalar(n ast.Node) (s string, ok bool) {
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		return n.Value.Value, true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		return n.GetToken().Value, true
	}
	return "", false
}

// str reads an entry that is a word or a text.
func (f fields) str(name string) string {
	e, ok := f.find(name)
	if !ok || e.value == nil {
		return ""
	}
	return f.p.str(e.value, name)
}

func (p *page) str(n ast.Node, what string) string {
	s, ok := scalar(p.plain(n))
	if !ok {
		p.fail(n, "“"+what+"” should be a single text", "write it on one line, without - or {}")
	}
	return s
}

var keyForm = lazily(`^[a-z0-9_]{1,20}$`)

// key reads an entry that names something.
func (f fields) key(name string) string {
	s := f.str(name)
	switch {
	case !f.has(name):
		f.p.fail(f.at, "“"+name+"” is missing", "give it a short name of letters a–z, digits and _")
	case !keyForm().MatchString(s):
		f.p.note(f.place(name), Error, fmt.Sprintf("“%s” cannot be a key", s), "use 1 to 20 of a–z, 0–9 and _")
	}
	return s
}

// keys reads a list of former keys.
func (f fields) keys(name string) []string {
	list := f.strs(name)
	for _, s := range list {
		if !keyForm().MatchString(s) {
			f.p.note(f.place(name), Error, fmt.Sprintf("“%s” cannot be a key", s), "use 1 to 20 of a–z, 0–9 and _")
		}
	}
	return list
}

// strs reads an entry that is a list of texts.
func (f fields) strs(name string) []string {
	var out []string
	for _, n := range f.items(name) {
		if s := f.p.str(n, name); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// items reads an entry that is a list.
func (f fields) items(name string) []ast.Node {
	e, ok := f.find(name)
	if !ok || e.value == nil {
		return nil
	}
	list, ok := e.value.(*ast.SequenceNode)
	if !ok {
		f.p.fail(e.value, "“"+name+"” should be a list", "write each entry on a line of its own after “- ”")
		return nil
	}
	return list.Values
}

// flag reads an entry that is true or false.
func (f fields) flag(name string) bool {
	switch s := f.str(name); s {
	case "true":
		return true
	case "false", "":
	default:
		f.p.note(f.place(name), Error, fmt.Sprintf("“%s: %s” is neither true nor false", name, s), "write true, or leave it out")
	}
	return false
}

// number reads an entry that is a number.
func (f fields) number(name string) float64 {
	if !f.has(name) {
		return 0
	}
	v, err := strconv.ParseFloat(f.str(name), 64)
	if err != nil {
		f.p.note(f.place(name), Error, fmt.Sprintf("“%s” is not a number", f.str(name)), "write digits, such as 200")
	}
	return v
}

// duration reads an entry such as 20h or 3d.
func (f fields) duration(name string) time.Duration {
	s := f.str(name)
	if days, ok := strings.CutSuffix(s, "d"); ok {
		if n, err := strconv.Atoi(days); err == nil && n > 0 {
			return time.Duration(n) * 24 * time.Hour
		}
	}
	d, err := time.ParseDuration(s)
	if err != nil || d <= 0 {
		f.p.note(f.place(name), Error, fmt.Sprintf("“%s” is not a length of time", s), "write it like 20h, 30m or 3d")
	}
	return d
}

// expr reads an entry that is a condition.
func (f fields) expr(name string) *dialogs.Expr {
	if !f.has(name) {
		return nil
	}
	s := f.str(name)
	e, err := dialogs.NewExpr(s)
	if err != nil {
		f.p.note(f.place(name), Error, fmt.Sprintf("the condition “%s” cannot be read: %s", s, firstLine(err.Error())), "write it like: role == 'public' && given(taxcode)")
		return nil
	}
	return e
}

func firstLine(s string) string {
	s, _, _ = strings.Cut(s, "\n")
	return s
}

// text reads an entry {vi: …, en: …} and notes it for the checks.
func (f fields) text(name string, w worded) dialogs.Text {
	e, ok := f.find(name)
	if !ok || e.value == nil {
		return dialogs.Text{}
	}
	return f.p.text(e.value, w)
}

func (p *page) text(n ast.Node, w worded) dialogs.Text {
	both := p.fields(n, "a text", "vi", "en")
	w.text = dialogs.Text{VI: strings.TrimRight(both.str("vi"), "\n"), EN: strings.TrimRight(both.str("en"), "\n")}
	w.at = placeOf(n)
	if e, ok := both.find("vi"); ok && e.value != nil {
		w.at = placeOf(e.value)
	}
	if w.text.VI == "" {
		p.fail(n, "the Vietnamese text is missing", "write vi: …")
	}
	if w.text.EN == "" {
		p.fail(n, "the English text is missing", "write en: …")
	}
	p.words = append(p.words, w)
	return w.text
}
