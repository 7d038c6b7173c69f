package config

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// keyForm is what any key looks like; the longest is half as long.
var keyForm = lazily(`^[a-z0-9_]{1,60}$`)

// fileKeys lists the keys that a configuration file may have.
func fileKeys(settings []Setting) []string {
	var keys []string
	for _, s := range settings {
		if s.Key == "" {
			continue
		}
		keys = append(keys, s.Key)
		if s.Secret {
			keys = append(keys, s.Key+fileSuffix)
		}
	}
	return keys
}

// readConfigFile returns the values of a YAML file by key. A key may be
// written telegram_token, telegram-token, or token under telegram; capitals do
// not count. A list is read as the same values with commas between them.
//
// Texts are taken as they were typed, before YAML gives them a type: a phone
// number keeps its leading zero. No error repeats a value.
func readConfigFile(path string, raw []byte, keys []string) (map[string]value, error) {
	if !utf8.Valid(raw) {
		// Else letters of another encoding would be reported as odd values.
		return nil, &Error{Setting: configName, Source: path, Problem: "is not a text in UTF-8", Want: "the file saved as UTF-8"}
	}
	doc, err := parser.ParseBytes(raw, 0)
	if err != nil {
		return nil, notYAML(path, err)
	}
	f := configFile{path: path, keys: keys, values: map[string]value{}}
	bodies := 0
	for _, d := range doc.Docs {
		if d.Body == nil || d.Body.Type() == ast.CommentType || d.Body.Type() == ast.NullType {
			continue
		}
		if bodies++; bodies > 1 {
			return nil, f.wrong(d.Body, "begins a second document", "one document in the file")
		}
		m, ok := d.Body.(ast.MapNode)
		if !ok {
			return nil, f.wrong(d.Body, "is not a setting", "lines of the form NAME: VALUE")
		}
		if err := f.read(m, ""); err != nil {
			return nil, err
		}
	}
	return f.values, nil
}

// configFile is a configuration file on its way into values.
type configFile struct {
	path   string
	keys   []string
	values map[string]value
}

// read takes the values of one mapping, whose keys stand under prefix.
func (f *configFile) read(m ast.MapNode, prefix string) error {
	for it := m.MapRange(); it.Next(); {
		name, ok := it.Key().(*ast.StringNode)
		if !ok {
			return f.wrong(it.Key(), "has a name that is no plain text", "lines of the form NAME: VALUE")
		}
		key := prefix + foldKey(name.Value)
		if !keyForm().MatchString(key) {
			return f.wrong(name, "has a name that no setting has", "names of letters and _, such as metrics_listen")
		}
		if !slices.Contains(f.keys, key) {
			if below, ok := it.Value().(ast.MapNode); ok && f.isGroup(key+"_") {
				if err := f.read(below, key+"_"); err != nil {
					return err
				}
				continue
			}
			return unknown(key, f.at(name), "", likely(key, f.keys))
		}
		if earlier, ok := f.values[key]; ok {
			return f.wrong(name, key+" stands here and at "+earlier.source, "it once")
		}
		text, ok := scalar(it.Value())
		if !ok {
			return f.wrong(name, key+" has a value that is more than a text", "one plain value, or a list of them")
		}
		f.values[key] = value{strings.TrimSpace(text), f.at(name)}
	}
	return nil
}

// isGroup says whether there are keys with this prefix.
func (f *configFile) isGroup(prefix string) bool {
	return slices.ContainsFunc(f.keys, func(k string) bool { return strings.HasPrefix(k, prefix) })
}

// at is the place of a node, as people and editors write it.
func (f *configFile) at(n ast.Node) string {
	if t := n.GetToken(); t != nil && t.Position != nil {
		return fmt.Sprintf("%s:%d", f.path, t.Position.Line)
	}
	return f.path
}

func (f *configFile) wrong(n ast.Node, problem, want string) *Error {
	return &Error{Setting: configName, Source: f.at(n), Problem: problem, Want: want}
}

// foldKey is the form in which keys are compared.
func foldKey(s string) string {
	s = strings.NewReplacer("-", "_", ".", "_").Replace(strings.ToLower(strings.TrimSpace(s)))
	return strings.TrimPrefix(s, "sachhon_")
}

// scalar is the text of a value as it was typed; ok is false for what has no
// such text: a mapping, an alias, a tag.
func scalar(n ast.Node) (text string, ok bool) {
	switch n := n.(type) {
	case *ast.NullNode:
		return "", true
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		return n.Value.Value, true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		return n.GetToken().Value, true
	case *ast.SequenceNode:
		texts := make([]string, len(n.Values))
		for i, v := range n.Values {
			if _, nested := v.(*ast.SequenceNode); nested {
				return "", false
			}
			if texts[i], ok = scalar(v); !ok {
				return "", false
			}
		}
		return strings.Join(texts, ","), true
	}
	return "", false
}

// notYAML says where a file stops being YAML. The parser's own error shows the
// lines around, which may hold a secret; only its fixed sentences are passed
// on, those that quote nothing.
func notYAML(path string, err error) *Error {
	e := &Error{Setting: configName, Source: path, Problem: "is not YAML", Want: "lines of the form NAME: VALUE"}
	var ye yaml.Error
	if !errors.As(err, &ye) {
		return e
	}
	if t := ye.GetToken(); t != nil && t.Position != nil {
		e.Source = fmt.Sprintf("%s:%d", path, t.Position.Line)
	}
	if m := ye.GetMessage(); m != "" && !strings.ContainsAny(m, "\"'`") {
		e.Problem += " (" + m + ")"
	}
	return e
}
