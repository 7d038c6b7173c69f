package console

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"strconv"
	"unicode/utf8"
)

// Page is which part of a list is asked for.
type Page struct {
	After string // go on behind this key; "": from the beginning
	Limit int    // at most so many
}

// Paging are the parameters of every list.
type Paging struct {
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"How many at the most."`
	Cursor string `query:"cursor" maxLength:"400" doc:"Where to go on: next_cursor of the page before."`
}

// page reads the parameters.
func (p *Paging) page() (Page, error) {
	key, err := base64.RawURLEncoding.DecodeString(p.Cursor)
	if err != nil || !utf8.Valid(key) {
		return Page{}, Wrong{{Location: "query.cursor", Words: wordsCursor}}
	}
	return Page{After: string(key), Limit: p.Limit}, nil
}

// ErrCursor means that the key of a page is none of this list.
var ErrCursor = Wrong{{Location: "query.cursor", Words: wordsCursor}}

// List is a page of a list.
type List[T any] struct {
	Items []T `json:"items" nullable:"false"`
	// NextCursor goes with the request for the next page; it is not there on the last.
	NextCursor string `json:"next_cursor,omitempty"`
}

// listed is the answer of a list, with the next page as a link too (RFC 8288).
type listed[T any] struct {
	Link string `header:"Link"`
	Body List[T]
}

// answerList words a page and where the next one is; path is that of the list,
// with the filters in query.
func answerList[T any](items []T, next, path string, query url.Values, limit int) *listed[T] {
	out := &listed[T]{Body: List[T]{Items: items}}
	if items == nil {
		out.Body.Items = []T{}
	}
	if next == "" {
		return out
	}
	out.Body.NextCursor = base64.RawURLEncoding.EncodeToString([]byte(next))
	q := url.Values{"cursor": {out.Body.NextCursor}, "limit": {strconv.Itoa(limit)}}
	for k, v := range query {
		if len(v) > 0 && v[0] != "" {
			q[k] = v
		}
	}
	out.Link = "<" + Root + path + "?" + q.Encode() + `>; rel="next"`
	return out
}

// answered is an answer with a body.
type answered[T any] struct{ Body T }

func answer[T any](body T, err error) (*answered[T], error) {
	if err != nil {
		return nil, err
	}
	return &answered[T]{body}, nil
}

// empty is an answer without a body.
type empty struct{}

// noContent is the status of answers without a body.
const noContent = http.StatusNoContent
