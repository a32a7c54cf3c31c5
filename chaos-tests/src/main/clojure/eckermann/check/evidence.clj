(ns eckermann.check.evidence
  "Whether the faults that were planned happened. One that did not prove itself makes the run unknown, and so does a run of which
  none came about; one whose node did not come back, ended as none should, or served what was damaged, makes it invalid."
  (:require [clojure.string :as str]))

(defn faults
  "The faults of a history in order, each with the times of its phases and its evidence."
  [history]
  (->> history
       (filter #(and (= :nemesis (:process %)) (map? (:value %)) (:phase (:value %))))
       (reduce (fn [m {:keys [f time value]}]
                 (update m (:number value)
                         (fn [fault]
                           (merge (or fault {:number (:number value) :name (name f) :id (:id value)})
                                  (case (:phase value)
                                    :begin (cond-> {:begin time} (:with value) (assoc :with (:with value)))
                                    :struck {:struck time :targets (:targets value)}
                                    :healed {:healed time}
                                    :recovered {:recovered time :proven (:proven value) :evidence (:evidence value)}
                                    :restarted-by-hand {:by-hand (merge (:by-hand fault) (:exits value))}
                                    {})))))
               (sorted-map))
       vals vec))

(def ^:private as-they-should
  "How nodes end by themselves that a supervisor starts again: 70, a fault that they can't go on with; 1, what they have can't be
  started with; 0, they were told to stop."
  #{70 1 0})

(defn check
  "Of the faults that there were, and of those that were planned; what was planned and skipped is named elsewhere."
  [faults planned]
  (let [unproven (remove :proven faults)
        not-back (filter #(false? (get-in % [:evidence :all-ready-again])) faults)
        silent (filter #(get-in % [:evidence :nothing-acknowledged-since]) faults)
        wrong (filter #(get-in % [:evidence :served-wrong]) faults)
        by-hand (filter :by-hand faults)
        planned (mapcat #(str/split % #"\+") planned)
        crashed (for [f by-hand [node code] (:by-hand f) :when (not (as-they-should code))]
                  {:fault (:number f) :name (:name f) :node node :exit-code code})]
    {:valid? (cond (or (seq not-back) (seq silent) (seq crashed) (seq wrong)) false
                   (or (seq unproven) (and (seq planned) (empty? faults))) :unknown
                   :else true)
     :planned (max (count planned) (count faults)) :skipped (max 0 (- (count planned) (count faults))) :proven (- (count faults) (count unproven))
     :kinds (count (distinct (map :id (filter :proven faults))))
     :unproven (mapv :name unproven)
     :not-ready-again (mapv :name not-back)
     :nothing-acknowledged-since (mapv :name silent)
     :served-wrong (mapv :name wrong)
     :restarted-by-hand (mapv (juxt :name :by-hand) by-hand)
     :crashed (vec crashed)}))

(defn- may-come-back
  "What a node may find after the power went at a moment of a write: before the rename what was there, once it was durable what
  was written, in between either; never a third."
  [{:keys [moment kept writing]}]
  (case moment
    (:in-write :before-fsync :after-fsync :before-rename) #{kept}
    :after-rename #{kept writing}
    (:durable :acknowledged) #{writing}))

(defn meta-cuts
  "Term and vote, as they were written and as they were found after the power came back: by nodes among the faults, and by what
  Ratis keeps on disks of their own, whose power went at chosen moments."
  [faults targeted]
  (let [cuts (filter #(and (= "N7" (:id %)) (:proven %)) faults)
        proven (filter :proven targeted)
        regressed (concat (map :evidence (filter #(get-in % [:evidence :regressed]) cuts))
                          (remove #((may-come-back %) (:found %)) targeted))]
    {:valid? (cond (seq regressed) false
                   (< (count proven) (count targeted)) :unknown
                   :else true)
     :cuts (+ (count cuts) (count proven))
     :targeted (count proven)
     :by-moment (into (sorted-map) (frequencies (map :moment proven)))
     :by-filesystem (into (sorted-map) (frequencies (map :filesystem proven)))
     :unproven (vec (take 8 (remove :proven targeted)))
     :regressed (vec (take 8 regressed))}))

(defn flips
  "Each bit that was flipped in what a node holds: it is refused by the name of its file, or all that is read is as it was."
  [flips]
  (let [bad (fn [wrong?] (filterv wrong? flips))
        wrong (bad #(= :wrong (:outcome %)))
        broke (bad #(= :broke (:outcome %)))
        unnamed (bad #(and (= :refused (:outcome %)) (not (:named %))))]
    {:valid? (every? empty? [wrong broke unnamed])
     :flips (count flips)
     :held (- (count flips) (count wrong) (count broke) (count unnamed))
     :by-kind (into (sorted-map) (map (fn [[kind of-it]] [kind (frequencies (map :outcome of-it))])) (group-by :kind flips))
     :wrong (vec (take 8 wrong)) :broke (vec (take 8 broke)) :unnamed (vec (take 8 unnamed))}))

(def ^:private stopped-ms-max
  "So long a node may go on that was told of a failure of its disk."
  5000)

(def ^:private by-itself
  "How a node ends that can't go on."
  70)

(defn fail-stop
  "A node whose disk failed ends by itself, soon. It has no file fsynced again whose fsync failed: that would say that all is
  well, whatever became of what was written."
  [faults]
  (let [failed (filter #(and (= "N9" (:id %)) (:proven %)) faults)
        those (fn [ending wrong?]
                (vec (for [f failed [k v] (:evidence f)
                           :let [[_ node what] (re-matches #"(n\d+)-(.*)" (name k))]
                           :when (and (= ending what) (wrong? v))]
                       {:fault (:number f) :name (:name f) :node node (keyword what) v})))
        went-on (those "stopped" false?)
        late (those "stopped-after-ms" #(> % stopped-ms-max))
        again (those "fsyncs-again" pos?)
        otherwise (those "exit" #(not= by-itself %))]
    {:valid? (every? empty? [went-on late again otherwise])
     :failures (count failed) :went-on went-on :late late :fsynced-again again :ended-otherwise otherwise}))

(defn terms
  "The terms that each node said it had never fall. A node that is starting does not know its own yet, and says 0."
  [history]
  (let [[_ fell]
        (reduce (fn [[seen fell] {:keys [time value]}]
                  (reduce (fn [[seen fell] [node {:keys [term]}]]
                            (if (and term (pos-int? term))
                              [(update seen node (fnil max 0) term)
                               (if (< term (get seen node 0)) (conj fell {:node node :from (seen node) :to term :time time}) fell)]
                              [seen fell]))
                          [seen fell] value))
                [{} []]
                (filter #(and (= :nemesis (:process %)) (= :observe (:f %))) history))]
    {:valid? (empty? fell) :fell (vec (take 8 fell))}))
