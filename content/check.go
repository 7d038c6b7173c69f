package content

import (
	"io/fs"
	"strings"

	"sachhon/dialogs"
	"sachhon/dialogs/dialogstest"
)

// Check reads a content folder and returns everything that is the matter with
// it, in the order of the files: what [Load] reports, and what would make
// people stumble.
func Check(fsys fs.FS) []Problem {
	b := readFolder(fsys)
	list := b.problems
	known := b.knownFacts()
	for _, f := range b.flows {
		c := flowCheck{flowPage: f, folder: b, known: known}
		c.run()
		list = append(list, c.found...)
	}
	var avoid []avoided
	if b.terms != nil {
		avoid = avoidedWords(b.terms)
	}
	for _, p := range b.pages {
		if p.name != "glossary.yaml" {
			list = append(list, checkWords(p, avoid)...)
		}
	}
	list = append(list, b.checkArticles(avoid)...)
	list = append(list, b.checkQuestionnaires(fsys)...)
	return sortProblems(append(list, b.checkTranscripts(fsys)...))
}

// checkTranscripts reports transcripts that cannot be read.
func (b *folder) checkTranscripts(fsys fs.FS) []Problem {
	var list []Problem
	for _, name := range b.files {
		if !strings.HasSuffix(name, ".txt") {
			continue
		}
		text, err := fs.ReadFile(fsys, name)
		if err == nil {
			_, err = dialogstest.Parse(name, strings.NewReader(string(text)))
		}
		if err != nil {
			list = append(list, Problem{name, lineOf(err.Error(), name), 1, Error, reasonOf(err.Error(), name), "mend the line"})
		}
	}
	return list
}

// lineOf and reasonOf take “name:line: reason” apart.
func lineOf(s, name string) int {
	line := 0
	for _, r := range strings.TrimPrefix(s, name+":") {
		if r < '0' || r > '9' {
			break
		}
		line = line*10 + int(r-'0')
	}
	return line
}

func reasonOf(s, name string) string {
	_, what, ok := strings.Cut(strings.TrimPrefix(s, name+":"), ": ")
	if !ok {
		return s
	}
	return what
}

// knownFacts are the facts of a contact that some question asks for.
func (b *folder) knownFacts() map[string]bool {
	known := map[string]bool{}
	for _, f := range b.flows {
		for q := range questionsOf(f.flow) {
			if q.Question.Known != "" {
				known[q.Question.Known] = true
			}
		}
	}
	return known
}

// questionsOf goes through all questions of a flow, those of forms included.
func questionsOf(f *dialogs.Flow) func(yield func(*dialogs.Node) bool) {
	return func(yield func(*dialogs.Node) bool) {
		for _, n := range f.Nodes {
			if n.Question != nil && !yield(n) {
				return
			}
			for _, q := range n.Form {
				if q.Question != nil && !yield(q) {
					return
				}
			}
		}
	}
}
