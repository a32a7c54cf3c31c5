(ns eckermann.check.models
  "What a thing is allowed to do, one operation at a time. A model is a value; a step gives the next one, or says why there
  is none.")

(defprotocol Model
  (step [model op] "The model after the operation {:f _ :value _}, or an inconsistency."))

(defrecord Inconsistent [msg]
  Model
  (step [this _] this))

(defn inconsistent [msg] (->Inconsistent msg))

(defn inconsistent? [model] (instance? Inconsistent model))

(defn- unknown-op [model op]
  (inconsistent (str (.getSimpleName (class model)) " does not know " (:f op))))

(defrecord Register [value]
  Model
  (step [this {:keys [f] v :value}]
    (case f
      :write (->Register v)
      ;; A read of nil is one whose answer nobody saw.
      :read (if (or (nil? v) (= v value)) this (inconsistent (str "read " v " of a register with " value)))
      (unknown-op this {:f f}))))

(defn register ([] (->Register nil)) ([value] (->Register value)))

(defrecord CasRegister [value]
  Model
  (step [this {:keys [f] v :value}]
    (case f
      :write (->CasRegister v)
      :read (if (or (nil? v) (= v value)) this (inconsistent (str "read " v " of a register with " value)))
      :cas (let [[expected new] v]
             (if (= expected value) (->CasRegister new) (inconsistent (str "set " value " to " new " expecting " expected))))
      (unknown-op this {:f f}))))

(defn cas-register ([] (->CasRegister nil)) ([value] (->CasRegister value)))

(defrecord Mutex [locked]
  Model
  (step [this {:keys [f]}]
    (case f
      :acquire (if locked (inconsistent "acquired while held") (->Mutex true))
      :release (if locked (->Mutex false) (inconsistent "released while free"))
      (unknown-op this {:f f}))))

(defn mutex [] (->Mutex false))

(defrecord MultiRegister [values]
  Model
  (step [this {txn :value}]
    (reduce (fn [model [f k v]]
              (case f
                :write (->MultiRegister (assoc (:values model) k v))
                :read (if (or (nil? v) (= v (get (:values model) k)))
                        model
                        (reduced (inconsistent (str "read " v " at " k ", where " (get (:values model) k) " is"))))))
            this txn)))

(defn multi-register [values] (->MultiRegister values))

(defrecord SetModel [elements]
  Model
  (step [this {:keys [f] v :value}]
    (case f
      :add (->SetModel (conj elements v))
      :read (if (or (nil? v) (= (set v) elements)) this (inconsistent (str "read " v " of " elements)))
      (unknown-op this {:f f}))))

(defn set-model [] (->SetModel #{}))

(defrecord UnorderedQueue [pending]
  Model
  (step [this {:keys [f] v :value}]
    (case f
      :enqueue (->UnorderedQueue (update pending v (fnil inc 0)))
      :dequeue (let [n (get pending v 0)]
                 (cond (zero? n) (inconsistent (str "dequeued " v ", which is not there"))
                       (= 1 n) (->UnorderedQueue (dissoc pending v))
                       :else (->UnorderedQueue (assoc pending v (dec n)))))
      (unknown-op this {:f f}))))

(defn unordered-queue [] (->UnorderedQueue {}))

(defrecord FifoQueue [pending]
  Model
  (step [this {:keys [f] v :value}]
    (case f
      :enqueue (->FifoQueue (conj pending v))
      :dequeue (cond (empty? pending) (inconsistent (str "dequeued " v " of an empty queue"))
                     (= v (first pending)) (->FifoQueue (vec (rest pending)))
                     :else (inconsistent (str "dequeued " v " before " (first pending))))
      (unknown-op this {:f f}))))

(defn fifo-queue [] (->FifoQueue []))

(defrecord EventStream [events]
  Model
  (step [this {:keys [f] v :value}]
    (case f
      ;; [expected-version event]; a nil version means whatever it is
      :append (let [[expected event] v]
                (if (or (nil? expected) (= expected (count events)))
                  (->EventStream (conj events event))
                  (inconsistent (str "appended at " (count events) " expecting " expected))))
      :read-from (let [[from found] v]
                   (if (or (nil? found) (= found (subvec events (min from (count events)))))
                     this
                     (inconsistent (str "read " found " from " from " of " events))))
      (unknown-op this {:f f}))))

(defn event-stream [] (->EventStream []))
