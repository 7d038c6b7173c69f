package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// rooms is the house as code: which package may import which of ours. A
// package or an import that is not listed fails. Changing the house is changing
// this table, in a commit of its own with the reason. A folder's tests may
// import what the folder may, and the conformance suites listed in suites.
var rooms = map[string]string{
	"cmd/sachhon":                 "bot bot/channel bot/channel/telegram/telegramtest bot/channel/terminal bot/config bot/desk bot/programme content dialogs dialogs/dialogstest scheduler/rehearsal",
	"bot":                         "bot/channel bot/channel/telegram bot/channel/terminal bot/channel/webchat bot/config bot/console bot/desk bot/documents bot/metrics bot/outbox bot/programme bot/search bot/store content dialogs dialogs/answer dialogs/dialogstest dialogs/score scheduler scheduler/rehearsal",
	"bot/config":                  "",
	"bot/channel":                 "dialogs",
	"bot/channel/channeltest":     "bot/channel dialogs",
	"bot/channel/telegram":        "bot/channel dialogs",
	"bot/channel/terminal":        "bot/channel dialogs dialogs/answer",
	"bot/channel/webchat":         "bot/channel dialogs dialogs/answer",
	"bot/console":                 "bot/desk bot/programme dialogs",
	"bot/desk":                    "",
	"bot/documents":               "dialogs",
	"bot/metrics":                 "",
	"bot/outbox":                  "bot/channel dialogs dialogs/wire scheduler",
	"bot/outbox/outboxtest":       "bot/channel bot/outbox dialogs",
	"bot/programme":               "dialogs dialogs/answer dialogs/score",
	"bot/programme/programmetest": "bot/programme",
	"bot/search":                  "content dialogs dialogs/answer", // finds answers, tips and leaflets by words; neither talks nor stores
	"bot/store":                   "bot/channel bot/desk bot/outbox bot/programme dialogs dialogs/score dialogs/wire scheduler",
	"bot/store/storetest":         "bot/store dialogs scheduler",
	"content":                     "dialogs dialogs/answer dialogs/dialogstest scheduler",
	"dialogs":                     "dialogs/answer dialogs/wire",
	"dialogs/answer":              "",
	"dialogs/dialogstest":         "dialogs dialogs/answer",
	"dialogs/score":               "dialogs",
	"dialogs/wire":                "",
	"scheduler":                   "dialogs dialogs/wire",
	"scheduler/rehearsal":         "dialogs scheduler",

	"bot/channel/chrometest":            "", // uses any page as people do, and knows none
	"bot/channel/telegram/telegramtest": "",
}

// suites may be imported by the tests of any room; the store is among them, for
// rules that are proved over real files.
var suites = []string{"bot/channel/channeltest", "bot/channel/chrometest", "bot/channel/telegram/telegramtest", "bot/outbox/outboxtest", "bot/programme/programmetest", "bot/store", "bot/store/storetest", "dialogs/dialogstest", "content"}

// owners says which one room may import a library that the owner of the
// project fixed, so that it can be replaced in one place.
var owners = map[string]string{
	"go.etcd.io/bbolt":                "bot/store",
	"github.com/robfig/cron/":         "scheduler",
	"github.com/go-telegram-bot-api/": "bot/channel/telegram",
}

// topLevel is everything that may stand at the top beside dot files.
var topLevel = []string{"cmd", "bot", "dialogs", "content", "scheduler", "go.mod", "go.sum", "README.md", "LICENSE"}

const module = "sachhon"

func TestTopLevelIsTheOwners(t *testing.T) {
	entries, err := os.ReadDir(root(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".") && !slices.Contains(topLevel, e.Name()) && e.Name() != "data" {
			t.Errorf("%s stands at the top of the house; only %s may", e.Name(), strings.Join(topLevel, ", "))
		}
	}
}

func TestWhoMayImportWhom(t *testing.T) {
	eachGoFile(t, func(room, name string, file *ast.File) {
		may, listed := rooms[room]
		if !listed {
			t.Errorf("%s: the package %s is not in the table of rooms; add it there with what it may import", name, room)
			return
		}
		allowed := strings.Fields(may)
		for _, imp := range file.Imports {
			to := strings.Trim(imp.Path.Value, `"`)
			for prefix, owner := range owners {
				if strings.HasPrefix(to+"/", prefix) && room != owner && !strings.HasPrefix(room, owner+"/") && !strings.HasSuffix(name, "_test.go") {
					t.Errorf("%s imports %s, which only %s may", name, to, owner)
				}
			}
			ours, ok := strings.CutPrefix(to, module+"/")
			if !ok {
				continue
			}
			test := strings.HasSuffix(name, "_test.go") && (slices.Contains(suites, ours) || ours == room)
			if !test && !slices.Contains(allowed, ours) {
				t.Errorf("%s imports %s; %s may import only: %s", name, ours, room, may)
			}
		}
	})
}

// TestFilesStaySmall holds the measure of the house: at least 95 % of files
// have at most 400 lines and none more than 600.
func TestFilesStaySmall(t *testing.T) {
	var all, long int
	eachGoFile(t, func(_, name string, _ *ast.File) {
		if strings.HasSuffix(name, "_test.go") {
			return
		}
		raw, err := os.ReadFile(filepath.Join(root(t), name))
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Count(string(raw), "\n")
		all++
		if lines > 400 {
			long++
		}
		if lines > 600 {
			t.Errorf("%s has %d lines, more than 600; split it by subject", name, lines)
		}
	})
	if long*20 > all {
		t.Errorf("%d of %d files have more than 400 lines, more than one in twenty", long, all)
	}
}

// TestNoInit keeps package start free of hidden order.
func TestNoInit(t *testing.T) {
	eachGoFile(t, func(_, name string, file *ast.File) {
		for _, d := range file.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Name.Name == "init" && fn.Recv == nil {
				t.Errorf("%s has an init function; build it in a constructor instead", name)
			}
		}
	})
}

// TestEveryRoomSaysWhatItIsFor wants a package comment in every package.
func TestEveryRoomSaysWhatItIsFor(t *testing.T) {
	said := map[string]bool{}
	eachGoFile(t, func(room, name string, file *ast.File) {
		if !strings.HasSuffix(name, "_test.go") {
			said[room] = said[room] || file.Doc != nil
		}
	})
	for room, ok := range said {
		if !ok {
			t.Errorf("the package %s has no package comment", room)
		}
	}
}

func eachGoFile(t *testing.T, fn func(room, name string, file *ast.File)) {
	t.Helper()
	top := root(t)
	set := token.NewFileSet()
	err := fs.WalkDir(os.DirFS(top), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && name != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata") {
			return fs.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(name, ".go") {
			return nil
		}
		file, err := parser.ParseFile(set, filepath.Join(top, name), nil, parser.ParseComments)
		if err != nil {
			return err
		}
		fn(path.Dir(name), name, file)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func root(t testing.TB) string {
	t.Helper()
	top, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	return top
}
