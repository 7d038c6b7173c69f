package content

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"

	"sachhon/dialogs"
	"sachhon/scheduler"
)

// Set is content made ready: what the engine plays and what the bot sends.
type Set struct {
	Library *dialogs.Library
	// Version is a short hash over all files of the folder.
	Version string

	pushes         map[string]Push
	glossary       []Term
	areas          map[string]string
	holidays       scheduler.Holidays
	campaigns      scheduler.Campaigns
	shelf          func() *shelf // reads the articles when they are first asked for
	questionnaires []*dialogs.Questionnaire
}

// Push returns the message the bot sends by itself under this key. Every key
// of the contract is there, so ok is false only for a key that no version knew.
func (s *Set) Push(key string) (p Push, ok bool) {
	p, ok = s.pushes[key]
	return p, ok
}

// Glossary returns the terms of the field.
func (s *Set) Glossary() []Term { return s.glossary }

// Holidays returns the table of days off.
func (s *Set) Holidays() scheduler.Holidays { return s.holidays }

// Campaigns returns what is sent by plan. It is shared and must not be changed.
func (s *Set) Campaigns() *scheduler.Campaigns { return &s.campaigns }

// Area returns the former district under which reports keep a ward; "" when
// the key is no ward's.
func (s *Set) Area(ward string) string { return s.areas[ward] }

// Load reads a content folder and makes its library. Problems are what makes
// talking impossible, with their places; the Set is nil when there is any.
func Load(fsys fs.FS) (*Set, []Problem) {
	b := readFolder(fsys)
	return b.set, sortProblems(b.problems)
}

// folder is a content folder as it was read.
type folder struct {
	files          []string
	flows          []*flowPage
	pages          []*page // all of them, flows included
	content        dialogs.Content
	terms          []Term
	raw            map[string][]byte // articles, as they were when the version was made
	calendar       *campaignPage
	questionnaires []*questionnairePage
	set            *Set
	problems       []Problem
}

// contentFiles lists the files that belong to a content folder, sorted.
func contentFiles(fsys fs.FS) ([]string, error) {
	var files []string
	for _, pattern := range []string{"*.yaml", "flows/*.yaml", "texts/*.yaml", "places/*.yaml", "questionnaires/*.yaml", "transcripts/*.txt",
		"tips/*.md", "leaflets/*.md", "answers/*.md"} {
		list, err := fs.Glob(fsys, pattern)
		if err != nil {
			return nil, err
		}
		files = append(files, list...)
	}
	slices.Sort(files)
	return files, nil
}

// readFolder reads everything, each file beside the others, and makes the set.
func readFolder(fsys fs.FS) *folder {
	b := &folder{content: dialogs.Content{Texts: map[string]dialogs.Text{}, Places: map[string][]dialogs.Place{}}}
	files, err := contentFiles(fsys)
	if err != nil || len(files) == 0 {
		b.problems = []Problem{{".", 0, 0, Error, "there is no content in this folder", "run `sachhon content export DIR` for a folder to start from"}}
		return b
	}
	b.files = files
	set := &Set{pushes: map[string]Push{}, areas: map[string]string{}}
	b.readAll(fsys, set)
	b.expand()
	for _, q := range b.questionnaires {
		if q.set != nil {
			set.questionnaires = append(set.questionnaires, q.set)
		}
	}
	sortQuestionnaires(set.questionnaires)
	for _, p := range b.pages {
		b.problems = append(b.problems, p.problems...)
	}
	b.problems = append(b.problems, missingTexts(b.content.Texts)...)
	b.problems = append(b.problems, b.checkWays()...)
	if anyError(b.problems) {
		return b
	}
	if set.Library, err = dialogs.NewLibrary(b.content); err != nil {
		b.problems = append(b.problems, Problem{".", 0, 0, Error, err.Error(), "mend it where it is named"})
		return b
	}
	if b.raw, set.Version, err = version(fsys, files); err != nil {
		b.problems = append(b.problems, Problem{".", 0, 0, Error, err.Error(), "make the folder readable"})
		return b
	}
	raw := b.raw
	set.shelf = sync.OnceValue(func() *shelf { return readShelf(raw) })
	b.set = set
	return b
}

// readAll reads every file. The parts are put together in the order of the file
// names, whichever is read first.
func (b *folder) readAll(fsys fs.FS, set *Set) {
	var wait sync.WaitGroup
	finish := make([]func(), len(b.files)+5)
	// One processor is left to whoever asks meanwhile whether the program lives.
	slots := make(chan struct{}, max(runtime.GOMAXPROCS(0)-1, 1))
	read := func(i int, f func() func()) {
		wait.Go(func() {
			slots <- struct{}{}
			finish[i] = f()
			<-slots
		})
	}
	for i, name := range b.files {
		switch path.Dir(name) {
		case "flows":
			read(i, func() func() { f := readFlow(fsys, name); return func() { b.addFlow(f) } })
		case "texts":
			read(i, func() func() { p, texts := readTexts(fsys, name); return func() { b.addTexts(p, texts) } })
		case "questionnaires":
			read(i, func() func() {
				q := readQuestionnaire(fsys, name)
				return func() { b.pages = append(b.pages, q.page); b.questionnaires = append(b.questionnaires, q) }
			})
		case "places":
			read(i, func() func() {
				p, list, places, areas := readPlaces(fsys, name)
				return func() {
					b.pages = append(b.pages, p)
					b.content.Places[list] = places
					for key, area := range areas {
						set.areas[key] = area
					}
				}
			})
		}
	}
	n := len(b.files)
	read(n, func() func() {
		p, commands, entries := readCommands(fsys)
		return func() { b.pages = append(b.pages, p); b.content.Commands, b.content.Entries = commands, entries }
	})
	read(n+1, func() func() {
		p, pushes := readPushes(fsys)
		return func() { b.pages = append(b.pages, p); set.pushes = pushes }
	})
	read(n+2, func() func() {
		p, terms := readGlossary(fsys)
		return func() { b.pages = append(b.pages, p); set.glossary, b.terms = terms, terms }
	})
	read(n+3, func() func() { return b.readPlans(fsys, set) })
	wait.Wait()
	for _, f := range finish {
		if f != nil {
			f()
		}
	}
}

func (b *folder) addFlow(f *flowPage) {
	b.pages = append(b.pages, f.page)
	if f.flow == nil {
		return
	}
	for _, other := range b.flows {
		if other.flow.Key == f.flow.Key {
			f.note(place{1, 1}, Error, "the flow “"+f.flow.Key+"” is in "+other.name+" too", "give one of them another name")
		}
	}
	b.flows = append(b.flows, f)
	b.content.Flows = append(b.content.Flows, f.flow)
}

func (b *folder) addTexts(p *page, texts map[string]dialogs.Text) {
	b.pages = append(b.pages, p)
	for key, text := range texts {
		if _, twice := b.content.Texts[key]; twice {
			p.note(place{}, Error, "the text “"+key+"” is in another file too", "keep one of them")
		}
		b.content.Texts[key] = text
	}
}

// version is the hash of all files with their names. The bytes of the articles
// are returned as well: they are read when first asked for, which must not
// meet a folder that has been edited since.
func version(fsys fs.FS, files []string) (articles map[string][]byte, hash string, err error) {
	h := sha256.New()
	articles = map[string][]byte{}
	for _, name := range files {
		b, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, "", fmt.Errorf("hash content: %w", err)
		}
		if onShelf(name) {
			articles[name] = b
		}
		fmt.Fprintf(h, "%s\x00%d\x00", name, len(b))
		h.Write(b)
	}
	return articles, hex.EncodeToString(h.Sum(nil)[:6]), nil
}

// checkWays finds ways to nowhere: nodes, commands and flows that are not there.
func (b *folder) checkWays() []Problem {
	names, flows := map[string]bool{}, map[string]bool{}
	for _, c := range b.content.Commands {
		for _, n := range c.Names {
			names[n] = true
		}
	}
	for _, f := range b.flows {
		flows[f.flow.Key] = true
	}
	var list []Problem
	for _, f := range b.flows {
		for _, w := range f.ways {
			if do := f.badWay(w, names); do != "" {
				list = append(list, Problem{f.name, w.at.line, w.at.column, Error, fmt.Sprintf("“%s” leads to “%s”, which is not there", w.node, w.to), do})
			}
		}
		for _, n := range f.flow.Nodes {
			if at := f.at[n.Key]; n.Kind == dialogs.CallNode && !flows[n.Call] {
				list = append(list, Problem{f.name, at.line, at.column, Error, "the flow “" + n.Call + "” is not there", "call one of the files in flows/"})
			}
		}
	}
	return append(list, b.checkStarts(flows)...)
}

// badWay says what to do about a way to nowhere; "" when it leads somewhere.
func (f *flowPage) badWay(w wayTo, commands map[string]bool) string {
	if name, ok := strings.CutPrefix(w.to, "/"); ok {
		name, _, _ = strings.Cut(name, " ")
		if commands[name] || strings.HasPrefix(name, "{") { // a command that an action offered
			return ""
		}
		return "use a command of commands.yaml, or add it there"
	}
	keys := make([]string, 0, len(f.at))
	for key := range f.at {
		if key == w.to {
			return ""
		}
		keys = append(keys, key)
	}
	slices.Sort(keys)
	if near := likely(w.to, keys); near != "" {
		return "did you mean “" + near + "”?"
	}
	return "use the key of a node in this flow"
}

// checkStarts finds commands and deep links that start no flow.
func (b *folder) checkStarts(flows map[string]bool) []Problem {
	var list []Problem
	add := func(what, do string) { list = append(list, Problem{"commands.yaml", 0, 0, Error, what, do}) }
	for _, c := range b.content.Commands {
		own := slices.Contains(engineCommands, c.Key)
		if c.Flow == "" && !own {
			add("the command “"+c.Key+"” starts nothing", "write flow: and one of the flows")
		}
		if c.Flow != "" && !flows[c.Flow] {
			add("the command “"+c.Key+"” starts the flow “"+c.Flow+"”, which is not there", "use the name of a file in flows/")
		}
	}
	for _, e := range b.content.Entries {
		if !flows[e.Flow] {
			add("the deep link “"+e.Prefix+"_” starts the flow “"+e.Flow+"”, which is not there", "use the name of a file in flows/")
		}
	}
	return list
}
