package documents

import (
	"fmt"
	"sync"
)

// Press draws and sets what people keep of a conversation: the picture of a
// result ([Press.Card]), its PDF ([Press.ResultPDF]) and leaflets
// ([Press.LeafletPDF]). It holds the typefaces, which are read when the first
// document is made and not before, so that a press costs nothing at start.
//
// The same input gives the same bytes. A press is safe for concurrent use.
type Press struct {
	typefaces func() (*typefaces, error)
}

// NewPress returns a press. It reads nothing yet.
func NewPress() *Press {
	return &Press{typefaces: sync.OnceValues(loadTypefaces)}
}

// open returns the typefaces; the error says which document they were for.
func (p *Press) open(what string) (*typefaces, error) {
	t, err := p.typefaces()
	if err != nil {
		return nil, fmt.Errorf("make %s: %w", what, err)
	}
	return t, nil
}
