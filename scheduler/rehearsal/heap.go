package rehearsal

// ordered is what a heap holds.
type ordered[T any] interface{ before(T) bool }

// heap gives back what was put into it, the first one first. container/heap
// would put a million values into interfaces.
type heap[T ordered[T]] []T

func (h *heap[T]) push(x T) {
	list := append(*h, x)
	at := len(list) - 1
	for at > 0 {
		up := (at - 1) / 2
		if !x.before(list[up]) {
			break
		}
		list[at], at = list[up], up
	}
	list[at] = x
	*h = list
}

func (h *heap[T]) pop() T {
	list := *h
	first, x := list[0], list[len(list)-1]
	list = list[:len(list)-1]
	at := 0
	for {
		down := 2*at + 1
		if down >= len(list) {
			break
		}
		if down+1 < len(list) && list[down+1].before(list[down]) {
			down++
		}
		if !list[down].before(x) {
			break
		}
		list[at], at = list[down], down
	}
	if len(list) > 0 {
		list[at] = x
	}
	*h = list
	return first
}
