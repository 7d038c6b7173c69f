package main

import (
	"go/ast"
	"strings"
	"testing"
)

// ban is something that no code of ours uses, with the reason.
type ban struct {
	// what is "package.Name", or the path of a package.
	what, because string
	// but are the rooms where it is allowed.
	but []string
}

// bans are the linter settings that no linter knows. Tests are free of them but
// for sleeping, which synctest replaces.
var bans = []ban{
	{"time.Sleep", "waiting belongs into a select with the context, or tests become slow and flaky", nil},
	{"time.Now", "the engine and the rules get the time handed in, so that a turn can be replayed", []string{"bot", "cmd/sachhon", "bot/channel/telegram", "bot/channel/webchat", "bot/outbox", "scheduler"}},
	{"os.Getenv", "bot/config is the one reader of the environment", []string{"bot/config"}},
	{"os.LookupEnv", "bot/config is the one reader of the environment; main hands it over", []string{"bot/config", "cmd/sachhon"}},
	{"os.Exit", "only main ends the program, after everything was stopped", []string{"cmd/sachhon"}},
	{"fmt.Print", "rooms say things through their writers and the log", nil},
	{"fmt.Println", "rooms say things through their writers and the log", nil},
	{"fmt.Printf", "rooms say things through their writers and the log", nil},
	{"http.DefaultClient", "it has no timeout", nil},
	{"http.Handle", "DefaultServeMux is global", nil},
	{"http.HandleFunc", "DefaultServeMux is global", nil},
	{"http.ListenAndServe", "it has no timeouts and cannot be stopped", nil},
	{"slog.Default", "the log is handed in", nil},
	{"log", "slog, handed in, is the log of the house", nil},
	{"math/rand", "math/rand/v2 where chance is wanted, crypto/rand where it guards something", nil},
	{"github.com/pkg/errors", "errors and fmt do it", nil},
	{"io/ioutil", "os and io do it", nil},
	{"unsafe", "nothing here is worth it", nil},
}

func TestBans(t *testing.T) {
	eachGoFile(t, func(room, name string, file *ast.File) {
		if strings.HasSuffix(name, "_test.go") || strings.HasSuffix(room, "test") {
			return
		}
		imported := map[string]bool{}
		for _, imp := range file.Imports {
			imported[strings.Trim(imp.Path.Value, `"`)] = true
		}
		for _, b := range bans {
			if imported[b.what] && !allowed(b, room) {
				t.Errorf("%s imports %s: %s", name, b.what, b.because)
			}
		}
		ast.Inspect(file, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if pkg, ok := sel.X.(*ast.Ident); ok && pkg.Obj == nil {
				for _, b := range bans {
					if b.what == pkg.Name+"."+sel.Sel.Name && !allowed(b, room) {
						t.Errorf("%s uses %s: %s", name, b.what, b.because)
					}
				}
			}
			return true
		})
	})
}

func allowed(b ban, room string) bool {
	for _, r := range b.but {
		if r == room {
			return true
		}
	}
	return false
}
