package bot

import "sync"

// watchers tells those who look at a transcript that it grew.
type watchers struct {
	mu sync.Mutex
	of map[string]map[chan struct{}]struct{}
}

func newWatchers() *watchers { return &watchers{of: map[string]map[chan struct{}]struct{}{}} }

// watch returns a channel that receives after something was committed for the
// address, and a function that ends it.
func (w *watchers) watch(at string) (<-chan struct{}, func()) {
	c := make(chan struct{}, 1)
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.of[at] == nil {
		w.of[at] = map[chan struct{}]struct{}{}
	}
	w.of[at][c] = struct{}{}
	return c, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		delete(w.of[at], c)
		if len(w.of[at]) == 0 {
			delete(w.of, at)
		}
	}
}

// tell wakes those who watch one of the addresses.
func (w *watchers) tell(addresses []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.of) == 0 {
		return
	}
	for _, at := range addresses {
		for c := range w.of[at] {
			select {
			case c <- struct{}{}:
			default:
			}
		}
	}
}
