"""Several records made one: what hangs on them moves, their ids lead on, and all of it can be taken back.

`merge` asks and does, `proposal` says which values there are to choose from, `moving` points links elsewhere,
`redirect` remembers where old ids lead, `parting` tells the undo what a merge was.
"""
