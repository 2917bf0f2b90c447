(module
 (type $0 (func))
 (type $1 (func (result i64)))
 (type $2 (func (param i64)))
 (type $3 (func (result i32)))
 (type $4 (func (param i32)))
 (type $5 (func (param i64 i64) (result i32)))
 (type $6 (func (param i64 i32) (result i32)))
 (import "env" "memory" (memory $mimport$0 1 65536 shared))
 (import "env" "table" (table $timport$0 1024 funcref))
 (import "env" "base" (global $gimport$0 i32))
 (import "matcher" "out_begin" (func $out_begin (type $4) (param i32)))
 (import "matcher" "proc_name" (func $proc_name (type $1) (result i64)))
 (import "matcher" "out_text" (func $out_text (type $2) (param i64)))
 (import "matcher" "evt_rawtime" (func $evt_rawtime (type $1) (result i64)))
 (import "matcher" "out_time" (func $out_time (type $2) (param i64)))
 (import "matcher" "out_end" (func $out_end (type $0)))
 (import "matcher" "proc_pid" (func $proc_pid (type $1) (result i64)))
 (import "matcher" "out_int" (func $out_int (type $2) (param i64)))
 (import "matcher" "str_startswith" (func $str_startswith (type $5) (param i64 i64) (result i32)))
 (import "matcher" "str_in" (func $str_in (type $6) (param i64 i32) (result i32)))
 (import "matcher" "proc_pname" (func $proc_pname (type $1) (result i64)))
 (global $global$0 (mut i64) (i64.const 0))
 (global $global$1 (mut i64) (i64.const -1))
 (global $global$2 (mut i64) (i64.const -1))
 (global $global$3 (mut i64) (i64.const 0))
 (data $0 (global.get $gimport$0) "longer-than-sixteen-bytes\00\00\00\00\00\00\00\07\00\00\00\0f\00\00\00\0b\00\00\00\0b\00\00\00\00\08\00\00\00\00\00\00\10P\f5\cb\0b\00\00\009\01\00\00\00\00\00\00\80\c5\16\c0\0b\00\00\00D\01\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\f4\b3\d4\fc\0b\00\00\00.\01\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\87\cf[\0e\0b\00\00\00#\01\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00J\e4\a3\13\0b\00\00\00O\01\00\00\00\00\00\00:b\db\13\0b\00\00\00Z\01\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\dfk \13\0b\00\00\00\18\01\00\00\00\00\00\00long-name-1long-name-2long-name-3long-name-4long-name-5long-name-6long-name-7\00\00\00")
 (elem $0 (i32.const 0) $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $evaluate_199 $no_rule $evaluate_201 $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule $no_rule)
 (export "evaluate_199" (func $evaluate_199))
 (export "evaluate_201" (func $evaluate_201))
 (func $no_rule (type $0)
 )
 (func $render_0 (type $0)
  (call $out_begin
   (i32.const 0)
  )
  (call $out_text
   (call $proc_name)
  )
  (call $out_time
   (call $evt_rawtime)
  )
  (call $out_end)
 )
 (func $render_1 (type $0)
  (call $out_begin
   (i32.const 1)
  )
  (call $out_int
   (call $proc_pid)
  )
  (call $out_end)
 )
 (func $evaluate_199 (type $0)
  (local $0 i64)
  (local $1 i32)
  (global.set $global$0
   (i64.add
    (global.get $global$0)
    (i64.const 2)
   )
  )
  (block $block
   (br_if $block
    (i32.eqz
     (call $check_0)
    )
   )
   (call $render_0)
   (return)
  )
  (block $block1
   (local.set $0
    (call $value_0)
   )
   (local.set $1
    (i32.wrap_i64
     (i64.shr_u
      (local.get $0)
      (i64.const 32)
     )
    )
   )
   (br_if $block1
    (i32.eqz
     (if (result i32)
      (i32.ge_s
       (local.get $1)
       (i32.const 25)
      )
      (then
       (if (result i32)
        (i64.eq
         (i64.load align=1
          (i32.wrap_i64
           (local.get $0)
          )
         )
         (i64.const 8371473062204174188)
        )
        (then
         (call $str_startswith
          (local.get $0)
          (i64.add
           (i64.extend_i32_u
            (global.get $gimport$0)
           )
           (i64.const 107374182400)
          )
         )
        )
        (else
         (i32.const 0)
        )
       )
      )
      (else
       (i32.const 0)
      )
     )
    )
   )
   (br_if $block1
    (i32.eqz
     (call $memo_1)
    )
   )
   (call $render_1)
   (return)
  )
 )
 (func $check_0 (type $3) (result i32)
  (local $0 i64)
  (local $1 i32)
  (block $block6 (result i32)
   (block $block5
    (local.set $0
     (call $value_0)
    )
    (local.set $1
     (i32.wrap_i64
      (i64.shr_u
       (local.get $0)
       (i64.const 32)
      )
     )
    )
    (br_if $block5
     (i32.eqz
      (block $block2 (result i32)
       (block $block1
        (block $block
         (br_if $block
          (i32.eqz
           (i32.eq
            (local.get $1)
            (i32.const 4)
           )
          )
         )
         (br_if $block1
          (i32.eq
           (i32.load align=1
            (i32.wrap_i64
             (local.get $0)
            )
           )
           (i32.const 1752392034)
          )
         )
         (br $block2
          (i32.const 0)
         )
        )
        (block $block3
         (br_if $block3
          (i32.eqz
           (i32.eq
            (local.get $1)
            (i32.const 2)
           )
          )
         )
         (br_if $block1
          (i32.eq
           (i32.load16_u align=1
            (i32.wrap_i64
             (local.get $0)
            )
           )
           (i32.const 26739)
          )
         )
         (br $block2
          (i32.const 0)
         )
        )
        (block $block4
         (br_if $block4
          (i32.eqz
           (i32.eq
            (local.get $1)
            (i32.const 3)
           )
          )
         )
         (br_if $block1
          (i32.and
           (i32.eq
            (i32.load16_u align=1
             (i32.wrap_i64
              (local.get $0)
             )
            )
            (i32.const 29562)
           )
           (i32.eq
            (i32.load16_u offset=1 align=1
             (i32.wrap_i64
              (local.get $0)
             )
            )
            (i32.const 26739)
           )
          )
         )
         (br $block2
          (i32.const 0)
         )
        )
        (br $block2
         (i32.const 0)
        )
       )
       (i32.const 1)
      )
     )
    )
    (br_if $block5
     (i32.eqz
      (call $memo_1)
     )
    )
    (br $block6
     (i32.const 1)
    )
   )
   (i32.const 0)
  )
 )
 (func $value_0 (type $1) (result i64)
  (if
   (i64.ne
    (global.get $global$2)
    (global.get $global$0)
   )
   (then
    (global.set $global$3
     (call $proc_pname)
    )
    (global.set $global$2
     (global.get $global$0)
    )
   )
  )
  (global.get $global$3)
 )
 (func $memo_1 (type $3) (result i32)
  (local $0 i64)
  (local $1 i32)
  (local $2 i64)
  (if
   (i64.le_u
    (local.tee $0
     (i64.xor
      (global.get $global$1)
      (global.get $global$0)
     )
    )
    (i64.const 1)
   )
   (then
    (return
     (i32.wrap_i64
      (local.get $0)
     )
    )
   )
  )
  (global.set $global$1
   (i64.or
    (i64.extend_i32_u
     (local.tee $1
      (block $block2 (result i32)
       (block $block1
        (block $block
         (local.set $2
          (call $proc_pid)
         )
         (br_if $block
          (i32.and
           (i64.gt_s
            (local.get $2)
            (i64.const 100)
           )
           (i64.ne
            (local.get $2)
            (i64.const -9223372036854775808)
           )
          )
         )
         (local.set $2
          (call $proc_name)
         )
         (br_if $block1
          (i32.eqz
           (if (result i32)
            (i32.wrap_i64
             (i64.and
              (i64.shr_u
               (i64.const 2048)
               (i64.shr_u
                (local.get $2)
                (i64.const 32)
               )
              )
              (i64.const 1)
             )
            )
            (then
             (call $str_in
              (local.get $2)
              (i32.add
               (global.get $gimport$0)
               (i32.const 32)
              )
             )
            )
            (else
             (i32.const 0)
            )
           )
          )
         )
        )
        (br $block2
         (i32.const 1)
        )
       )
       (i32.const 0)
      )
     )
    )
    (global.get $global$0)
   )
  )
  (local.get $1)
 )
 (func $evaluate_201 (type $0)
  (global.set $global$0
   (i64.add
    (global.get $global$0)
    (i64.const 2)
   )
  )
  (block $block
   (br_if $block
    (i32.eqz
     (call $check_0)
    )
   )
   (call $render_0)
   (return)
  )
 )
)
