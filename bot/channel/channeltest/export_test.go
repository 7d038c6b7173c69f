package channeltest

import (
	"fmt"
	"runtime"
	"slices"
	"sync"
	"testing"
)

// recorder stands for the test of a channel that is wrong on purpose: it keeps
// the complaints and fails nobody.
type recorder struct {
	testing.TB
	mu         sync.Mutex
	complaints []string
}

func (r *recorder) complain(what string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.complaints = append(r.complaints, what)
}

func (r *recorder) Error(args ...any)            { r.complain(fmt.Sprint(args...)) }
func (r *recorder) Errorf(f string, args ...any) { r.complain(fmt.Sprintf(f, args...)) }

func (r *recorder) Fatal(args ...any) {
	r.complain(fmt.Sprint(args...))
	runtime.Goexit()
}

func (r *recorder) Fatalf(f string, args ...any) {
	r.complain(fmt.Sprintf(f, args...))
	runtime.Goexit()
}

// Complaints plays the checks of these names and returns what each complained
// of.
func Complaints(t *testing.T, h Harness, names ...string) map[string][]string {
	all := map[string][]string{}
	for _, c := range checks {
		if !slices.Contains(names, c.name) {
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			r := &recorder{TB: t}
			done := make(chan struct{})
			go func() {
				defer close(done)
				c.play(r, h)
			}()
			<-done
			if r.complaints != nil {
				all[c.name] = r.complaints
			}
		})
	}
	return all
}

// CheckNames returns the names of all checks.
func CheckNames() []string {
	var names []string
	for _, c := range checks {
		names = append(names, c.name)
	}
	return names
}
