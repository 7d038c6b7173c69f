package config

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
)

// Error says why a setting cannot be used and what to do. It never holds a
// secret.
type Error struct {
	Setting string // the name, such as SACHHON_LISTEN; of an unknown one, the name as it was written
	Source  string // where it was given: "the environment", "flag --listen", "sachhon.yaml:3"; empty: nowhere
	Value   string // the value as it was given; empty for a secret
	Problem string // what is wrong, where the value alone does not show it; empty otherwise
	Want    string // what is allowed, as the object of "give"
}

// Error returns one plain line that ends in what to do.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Setting)
	if e.Source != "" {
		fmt.Fprintf(&b, " (%s)", e.Source)
	}
	switch {
	case e.Problem != "":
		b.WriteString(" " + e.Problem)
	case e.Value != "":
		fmt.Fprintf(&b, " is %q", e.Value)
	default:
		b.WriteString(" cannot be used as it is")
	}
	return b.String() + "; give " + e.Want
}

// longestShown is how many runes of a wrong value are repeated: enough to
// recognise it, little enough for one line.
const longestShown = 80

// shown is the value as an error may repeat it: short, and without the name
// and password that a URL may carry.
func shown(v string) string {
	if at := strings.LastIndexByte(v, '@'); at >= 0 {
		if from := strings.Index(v, "://"); from >= 0 && from+3 <= at {
			v = v[:from+3] + mask + v[at:]
		}
	}
	if r := []rune(v); len(r) > longestShown {
		v = string(r[:longestShown]) + "…"
	}
	return v
}

// wrongFile says why a file that a setting names could not be read. What looks
// like a path is repeated; anything else may be the secret itself, given under
// the wrong name, and is not.
func wrongFile(name, source, path string, err error) *Error {
	what := "names a file"
	if filepath.IsAbs(path) || strings.HasPrefix(path, ".") {
		what = fmt.Sprintf("names the file %q", shown(path))
	}
	return &Error{Setting: name, Source: source, Problem: what + " that cannot be read: " + reason(err), Want: "the path of a file that this program may read"}
}

// reason is the cause of a failed reading without the path, which may not be
// fit to be shown.
func reason(err error) string {
	var pe *fs.PathError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "there is none"
	case errors.Is(err, fs.ErrPermission):
		return "permission denied"
	case errors.As(err, &pe):
		return pe.Err.Error()
	}
	return "reading failed"
}
