package content

import (
	"slices"

	"github.com/goccy/go-yaml/ast"

	"sachhon/dialogs"
)

// Subjects are the lists that articles are sorted by, from subjects.yaml.
type Subjects struct {
	Sectors, Topics, Groups, Costs, Countries []Subject
	// Synonyms are groups of words that mean the same to somebody who searches.
	Synonyms [][]string
}

// Subject is one entry of such a list.
type Subject struct {
	Key   string
	Label dialogs.Text
	// Name is the label within a sentence: “ngành gỗ”; empty where none needs it.
	Name dialogs.Text
}

// SubjectIn finds an entry by its key; false when there is none.
func SubjectIn(list []Subject, key string) (Subject, bool) {
	return byID(list, key, func(s *Subject) string { return s.Key })
}

func readSubjects(name string, source []byte) (*page, Subjects) {
	p, root := parsePage(name, source)
	var s Subjects
	if root == nil {
		return p, s
	}
	top := p.fields(root, "subjects.yaml", "sectors", "topics", "groups", "costs", "countries", "synonyms")
	s.Sectors, s.Topics, s.Groups = top.subjects("sectors"), top.subjects("topics"), top.subjects("groups")
	s.Costs, s.Countries = top.subjects("costs"), top.subjects("countries")
	for _, n := range top.items("synonyms") {
		if list, ok := n.(*ast.SequenceNode); ok {
			var words []string
			for _, w := range list.Values {
				words = append(words, p.str(w, "synonyms"))
			}
			s.Synonyms = append(s.Synonyms, words)
			continue
		}
		p.fail(n, "an entry of synonyms is not a list", "write - [sxsh, sản xuất sạch hơn]")
	}
	return p, s
}

func (f fields) subjects(name string) []Subject {
	var list []Subject
	if !f.has(name) {
		f.p.fail(f.at, "“"+name+"” is missing", "add the list, as the embedded subjects.yaml has it")
	}
	for _, n := range f.items(name) {
		d := f.p.fields(n, "an entry of "+name, "key", "label", "name")
		one := Subject{Key: d.key("key"), Label: d.text("label", worded{role: line}), Name: d.text("name", worded{role: line})}
		if slices.ContainsFunc(list, func(o Subject) bool { return o.Key == one.Key }) {
			f.p.fail(n, "the key “"+one.Key+"” is used twice", "give one of them another key")
		}
		list = append(list, one)
	}
	return list
}
