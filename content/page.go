package content

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"sachhon/dialogs"
)

// page is one YAML file being read. Its methods turn nodes into plain values
// and note what does not fit, with its place; what they return then is the
// zero value, so that reading goes on and finds the other problems too.
type page struct {
	name     string
	anchors  map[string]ast.Node
	problems []Problem
	words    []worded
}

// worded is a wording with its place and what it is for, for the checks.
type worded struct {
	text dialogs.Text
	role role
	at   place
	flow string // "" outside flows
	node string
	key  string // of a wording of texts/, or of a push
}

// role says what a wording is for.
type role uint8

const (
	message role = iota // said in a message of its own
	label               // on a button
	line                // a part of a message: a field's name, a line of help
	title               // of an article: alone on a button
	body                // of an article: its length is checked there
)

// readPage parses a file; the root is nil when that is not possible.
func readPage(fsys fs.FS, name string) (*page, ast.Node) {
	p := &page{name: name, anchors: map[string]ast.Node{}}
	b, err := fs.ReadFile(fsys, name)
	if err != nil {
		p.note(place{}, Error, "the file cannot be read: "+reason(err), "put the file there, readable")
		return p, nil
	}
	return parsePage(name, b)
}

// parsePage parses the bytes of a file.
func parsePage(name string, source []byte) (*page, ast.Node) {
	p := &page{name: name, anchors: map[string]ast.Node{}}
	file, err := parser.ParseBytes(source, 0)
	if err != nil {
		var syntax *yaml.SyntaxError
		at, what := place{}, err.Error()
		if errors.As(err, &syntax) {
			what = syntax.Message
			if syntax.Token != nil {
				at = place{syntax.Token.Position.Line, syntax.Token.Position.Column}
			}
		}
		p.note(at, Error, "this is not YAML: "+what, "mind the indentation, and put quotes around text with : or # in it")
		return p, nil
	}
	if len(file.Docs) != 1 || file.Docs[0].Body == nil {
		p.note(place{}, Error, "the file holds nothing, or several documents", "write one document a file")
		return p, nil
	}
	return p, file.Docs[0].Body
}

// reason is the cause of a file error without the path, which is named before.
func reason(err error) string {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return pe.Err.Error()
	}
	return err.Error()
}

func (p *page) note(at place, s Severity, what, do string) {
	p.problems = append(p.problems, Problem{p.name, at.line, at.column, s, what, do})
}

func (p *page) fail(n ast.Node, what, do string) { p.note(placeOf(n), Error, what, do) }

func placeOf(n ast.Node) place {
	if n == nil {
		return place{}
	}
	tk := n.GetToken()
	if m, ok := n.(*ast.MappingNode); ok && !m.IsFlowStyle && len(m.Values) > 0 {
		tk = m.Values[0].Key.GetToken() // its own token is the first colon
	}
	if tk == nil || tk.Position == nil {
		return place{}
	}
	return place{tk.Position.Line, tk.Position.Column}
}

// plain follows anchors and aliases to the node that holds the value; nil for
// an empty one.
func (p *page) plain(n ast.Node) ast.Node {
	switch n := n.(type) {
	case *ast.AnchorNode:
		p.anchors[n.Name.GetToken().Value] = n.Value
		return p.plain(n.Value)
	case *ast.AliasNode:
		name := n.Value.GetToken().Value
		to, ok := p.anchors[name]
		if !ok {
			p.fail(n, fmt.Sprintf("*%s stands for nothing", name), "write &"+name+" where it is first used, above")
			return nil
		}
		return to
	case *ast.NullNode:
		return nil
	}
	return n
}

// fields are the entries of a mapping.
type fields struct {
	p    *page
	at   ast.Node
	list []entry
}

type entry struct {
	name  string
	key   ast.Node
	value ast.Node // nil: empty
}

// fields reads a mapping whose keys must be among the allowed ones; no allowed
// ones allow any.
func (p *page) fields(n ast.Node, what string, allowed ...string) fields {
	f := fields{p: p, at: n}
	var values []*ast.MappingValueNode
	switch m := p.plain(n).(type) {
	case *ast.MappingNode:
		values = m.Values
	case *ast.MappingValueNode:
		values = []*ast.MappingValueNode{m}
	case nil:
		p.fail(n, what+" is empty", "fill it in or take it out")
	default:
		p.fail(n, what+" is not a list of “name: value”", "write a name, a colon and the value")
	}
	for _, v := range values {
		e := entry{v.Key.GetToken().Value, v.Key, p.plain(v.Value)}
		if len(allowed) > 0 && !slices.Contains(allowed, e.name) {
			p.unknown(v.Key, e.name, what, allowed)
			continue
		}
		f.list = append(f.list, e)
	}
	return f
}

// unknown reports a name that is not among those allowed.
func (p *page) unknown(at ast.Node, name, where string, allowed []string) {
	do := "use one of: " + strings.Join(allowed, ", ")
	if near := likely(name, allowed); near != "" {
		do = fmt.Sprintf("did you mean “%s”?", near)
	}
	p.fail(at, fmt.Sprintf("%s does not know “%s”", where, name), do)
}

func (f fields) find(name string) (entry, bool) {
	for _, e := range f.list {
		if e.name == name {
			return e, true
		}
	}
	return entry{}, false
}

func (f fields) has(name string) bool {
	_, ok := f.find(name)
	return ok
}

// place is where the entry's value stands, or the mapping when there is none.
func (f fields) place(name string) place {
	if e, ok := f.find(name); ok {
		if e.value != nil {
			return placeOf(e.value)
		}
		return placeOf(e.key)
	}
	return placeOf(f.at)
}
